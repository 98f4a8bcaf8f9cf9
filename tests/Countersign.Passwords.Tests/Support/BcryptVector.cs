using System.Text;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Support;

/// <summary>A known answer: password, salt, cost and the digest that follows from them.</summary>
internal sealed record BcryptVector(string Name, byte[] Password, byte[] Salt, int Cost, string Digest)
{
    public BcryptRequest Request() => new(Password, Salt, Bcrypt.Rounds(Cost), HashPurpose.Compare);

    /// <summary>Reads salt, cost and digest from a hash of 60 characters.</summary>
    public static BcryptVector Of(string name, byte[] password, string hash)
    {
        var salt = new byte[Bcrypt.SaltBytes];
        Assert.True(BcryptBase64.TryDecode(hash.AsSpan(7, 22), salt), hash);
        return new BcryptVector(name, password, salt, int.Parse(hash.AsSpan(4, 2), provider: null), hash[29..]);
    }

    /// <summary>
    /// All rows of both files, cheapest first, but for two kinds that are other functions: <c>$2x$</c> keeps the fault of CVE-2011-2483, and for a few
    /// passwords crypt_blowfish's <c>$2a$</c> has a countermeasure against it.
    /// </summary>
    public static IReadOnlyList<BcryptVector> ReadAll()
    {
        List<BcryptVector> vectors = [];
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("kat").EnumerateArray())
        {
            if (row.Text("variant") != "$2x$" && !row.Text("note").StartsWith("crypt_blowfish 2a countermeasure", StringComparison.Ordinal))
            {
                vectors.Add(Of(row.Text("id"), Convert.FromHexString(row.Text("password_hex")), row.Text("hash")));
            }
        }

        foreach (var row in VectorFile.Read("bcrypt_libxcrypt_ka.json").GetProperty("rows").EnumerateArray())
        {
            if (row.Text("hash").StartsWith("$2b$", StringComparison.Ordinal))
            {
                vectors.Add(Of(row.Text("hash"), Convert.FromHexString(row.Text("password_hex")), row.Text("hash")));
            }
        }

        vectors.AddRange(ReadPrehashed());
        Assert.Equal(124 + 184 + 10, vectors.Count);
        return [.. vectors.OrderBy(vector => vector.Cost)];
    }

    private static IEnumerable<BcryptVector> ReadPrehashed()
    {
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("prehash").EnumerateArray())
        {
            if (row.Text("scheme") == "base64(sha256(pw))")
            {
                byte[] password = row.TryGetProperty("password_hex", out var hex)
                    ? Convert.FromHexString(hex.GetString()!)
                    : Encoding.UTF8.GetBytes(row.Text("password_utf8"));
                string key = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(password));
                yield return Of(row.Text("hash"), Encoding.ASCII.GetBytes(key), row.Text("hash"));
            }
        }
    }
}
