using System.Text.Json;
using Konscious.Security.Cryptography;

namespace Countersign.Passwords.Argon2.Tests;

/// <summary>The reference implementation's known answers, RFC 9106 §5.3, edge rows, and strings that must not be read.</summary>
public sealed class Argon2idVectorTests
{
    private const string File = "argon2id_vectors.json";

    private static readonly Argon2idFormat Scheme = new();

    [Fact]
    public void Matches_KnownAnswers_TheRightPasswordAndNoOther()
    {
        int compared = 0;
        foreach (var row in VectorFile.Read(File).GetProperty("kat").EnumerateArray())
        {
            if (!row.TryGetProperty("encoded", out var encoded))
            {
                continue;
            }

            byte[] password = Convert.FromHexString(row.Text("password_hex"));
            Assert.True(Scheme.TryParse(encoded.GetString()!, out var hash), encoded.GetString());

            // The library underneath takes no empty password; such a hash is nobody's.
            Assert.True(hash.Matches(password) == (password.Length > 0), encoded.GetString());
            Assert.False(hash.Matches([.. password, (byte)'x']), encoded.GetString());
            compared++;
        }

        Assert.Equal(16, compared);
    }

    /// <summary>What no stored hash can carry: a secret and associated data. So it is the library that is held against the RFC.</summary>
    [Fact]
    public void Library_TheVectorOfTheRfc_Agrees()
    {
        var row = VectorFile.Read(File).GetProperty("kat").EnumerateArray().Single(row => row.TryGetProperty("secret_hex", out _));
        using var argon2 = new Argon2id(Hex(row, "password_hex"))
        {
            Salt = Hex(row, "salt_hex"),
            KnownSecret = Hex(row, "secret_hex"),
            AssociatedData = Hex(row, "ad_hex"),
            Iterations = row.GetProperty("t").GetInt32(),
            MemorySize = row.GetProperty("m_kib").GetInt32(),
            DegreeOfParallelism = row.GetProperty("p").GetInt32(),
        };

        Assert.Equal(Hex(row, "tag_hex"), argon2.GetBytes(32));
    }

    [Fact]
    public void TryParse_EveryRow_AsItSays()
    {
        int rows = 0;
        foreach (var row in VectorFile.Read(File).GetProperty("parse").EnumerateArray())
        {
            bool isRead = Scheme.TryParse(row.Text("stored_hash"), out _);
            Assert.True(isRead == (row.Text("expect") == "accept"), $"{row.Text("id")}: {row.Text("why")}");
            rows++;
        }

        Assert.Equal(31, rows);
    }

    private static byte[] Hex(JsonElement row, string member) => Convert.FromHexString(row.Text(member));
}
