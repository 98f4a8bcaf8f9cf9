using System.Text;
using System.Text.Json;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Kernel;

/// <summary>
/// Known answers. Rows whose password is not UTF-8 are left out: no text gives those bytes, and the present kernel takes text only. Rows beyond 72 bytes or with NUL
/// are for <see cref="PasswordHasherTests"/>: they never reach the kernel.
/// </summary>
public sealed class BcryptVectorTests
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    [Fact]
    public void Digest_KnownAnswers_AllAgree() => Run(VectorFile.Read("bcrypt_vectors.json").GetProperty("kat"), atLeast: 75);

    [Fact]
    public void Digest_LibxcryptTable_AllAgree() => Run(VectorFile.Read("bcrypt_libxcrypt_ka.json").GetProperty("rows"), atLeast: 40);

    [Fact]
    public void Digest_PrehashedPasswords_AllAgree()
    {
        int ran = 0;
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("prehash").EnumerateArray())
        {
            if (row.Text("scheme") != "base64(sha256(pw))")
            {
                continue;
            }

            byte[] password = row.TryGetProperty("password_hex", out var hex)
                ? Convert.FromHexString(hex.GetString()!)
                : Encoding.UTF8.GetBytes(row.Text("password_utf8"));
            string key = Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(password));
            AssertDigest(Encoding.ASCII.GetBytes(key), row.Text("hash"));
            ran++;
        }

        Assert.Equal(10, ran);
    }

    private static void Run(JsonElement rows, int atLeast)
    {
        int ran = 0;
        foreach (var row in rows.EnumerateArray())
        {
            byte[] password = Convert.FromHexString(row.Text("password_hex"));
            string hash = row.Text("hash");
            if (Bcrypt.IsExact(password) && IsUtf8(password) && !hash.StartsWith("$2x$", StringComparison.Ordinal))
            {
                AssertDigest(password, hash);
                ran++;
            }
        }

        Assert.True(ran >= atLeast, $"Only {ran} rows ran.");
    }

    private static void AssertDigest(byte[] password, string hash)
    {
        Span<byte> salt = stackalloc byte[Bcrypt.SaltBytes];
        Span<byte> digest = stackalloc byte[Bcrypt.DigestBytes];
        Assert.True(BcryptBase64.TryDecode(hash.AsSpan(7, 22), salt), hash);
        BCryptNetKernel.Instance.Digest(password, salt, int.Parse(hash.AsSpan(4, 2), provider: null), digest);
        Assert.Equal(hash[29..], BcryptBase64.Encode(digest));
    }

    private static bool IsUtf8(byte[] bytes)
    {
        try
        {
            StrictUtf8.GetCharCount(bytes);
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
