using System.Buffers.Text;
using System.Text;

namespace Countersign.Tokens.Tests;

/// <summary>What is refused as a shared secret, and what random makers write, which never is.</summary>
public sealed class WeakSecretTests
{
    /// <summary>Each seed is fixed, so that a test can't fail by the one chance in ten million that <c>SharedSecretRules</c> names.</summary>
    private const int Seed = 20_261_130;

    private const int Count = 100_000;

    // The alphabet and the length of Django's get_random_secret_key.
    private const string DjangoAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789!@#$%^&*(-_=+)";
    private const int DjangoLength = 50;

    /// <summary>Makers of secrets, by what they are called.</summary>
    public static TheoryData<string> Makers =>
        ["secrets new", "openssl rand -hex 16", "openssl rand -hex 32", "openssl rand -base64 32", "token_urlsafe(32)", "Django"];

    [Theory]
    [MemberData(nameof(Makers))]
    public void TryCheckSecret_OfARandomMaker_IsNeverRefused(string maker)
    {
        var random = new Random(Seed);
        for (var number = 0; number < Count; number++)
        {
            var secret = Make(maker, random);
            Assert.True(TokenPolicy.TryCheckSecret(secret, out var fault), $"{secret}: {fault}");
        }
    }

    [Theory]
    [InlineData("12345678123456781234567812345678", "repeated")]
    [InlineData("Kj8#mQ2!xV5@wR9$Kj8#mQ2!xV5@wR9$", "repeated")]
    [InlineData("Kj8#mQ2!xV5@Kj8#mQ2!xV5@Kj8#mQ2!xV", "repeated")]
    [InlineData("Kj8#mQ2!xV5@wR9$Zp4&Kj8#mQ2!xV5@wR9", "repeated")]
    [InlineData("P4ssw0rdP4ssw0rdP4ssw0rdP4ssw0rd1", "repeated")]
    [InlineData("1P4ssw0rdP4ssw0rdP4ssw0rdP4ssw0rd", "repeated")]
    [InlineData("x7P4ssw0rdP4ssw0rdP4ssw0rdP4ssw0rd!q", "repeated")]
    [InlineData("P4ssw0rd1P4ssw0rd2P4ssw0rd3P4ssw0rd4", "repeated")]
    [InlineData("Zp4&tB7%Lc3^P4ssw0rdP4ssw0rd4ssw0rd", "repeated")]
    [InlineData("Zp4&tB7%Kj8#mQ2!xKj8#mQ2!xV5@wR9$", "repeated")]
    [InlineData("abcdefghijklmnopqrstuvwxyz123456", "order")]
    [InlineData("qwertyuiopasdfghjklzxcvbnm123456", "order")]
    [InlineData("b1946ac92492d2347c6235b4ABCDEFGH", "order")]
    [InlineData("b1946ac92492d2347c6235b4hgfedcba", "order")]
    [InlineData("b1946ac92492d2347c6235b434567890", "order")]
    [InlineData("b1946ac92492d2347c6235b4poiuytre", "order")]
    [InlineData("00000000000000000000000001234567", "repeated")]
    [InlineData("b1946ac92492 d2347c6235b4d2611184f", "space")]
    [InlineData("b1946ac92492d2347c6235b4d2611184f\n", "space")]
    [InlineData("super long jwt key for production do not share", "space")]
    [InlineData("01230123456012301234560123456001", "fewer than 8")]
    public void TryCheckSecret_Weak_IsRefusedByItsRule(string secret, string word)
    {
        Assert.False(TokenPolicy.TryCheckSecret(secret, out var fault));
        Assert.Contains(word, fault, StringComparison.Ordinal);
        Assert.DoesNotContain(secret, fault, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => TokenPolicy.SharedSecret(secret));
    }

    [Theory]
    [InlineData("b1946ac92492d2347c6235b4abcdefgz")]
    [InlineData("b1946ac92492d2347c6235b40123456x")]
    [InlineData("Kj8#mQ2!xV5@wR9$Kj8#mQ2!Zp4&tB7%")]
    [InlineData("Zp4&Kj8#mQ2!Lc3^Kj8#mQ2!xV5@wR9$")]
    public void TryCheckSecret_JustWithinARule_Passes(string secret) => Assert.True(TokenPolicy.TryCheckSecret(secret, out var fault), fault);

    /// <summary>Well-known samples, in base64 so that they stand in no text of this repository.</summary>
    [Theory]
    [InlineData("MDlkMjVlMDk0ZmFhNmNhMjU1NmM4MTgxNjZiN2E5NTYzYjkzZjcwOTlmNmYwZjRjYWE2Y2Y2M2I4OGU4ZDNlNw==")]
    [InlineData("NDA0RTYzNTI2NjU1NkE1ODZFMzI3MjM1NzUzODc4MkY0MTNGNDQyODQ3MkI0QjYyNTA2NDUzNjc1NjZCNTk3MA==")]
    [InlineData("QnlZTTAwME9MbE1RRzZWVlZwMU9IN1h6eXI3Z0h1dzFxdlVDNWRjR3QzU05N")]
    [InlineData("YzI5MmEwYTNhYTMyMzk3Y2RiMDUwZTIzMzczMzkwMGY=")]
    [InlineData("cmVhbGx5cmVhbGx5cmVhbGx5cmVhbGx5dmVyeXNhZmU=")]
    [InlineData("cGxlYXNlQ2hhbmdlVGhpc1NlY3JldEZvckFOZXdPbmU=")]
    public void TryCheckSecret_Published_IsRefusedHoweverItIsSpelt(string encoded)
    {
        var secret = Encoding.UTF8.GetString(Convert.FromBase64String(encoded));
        foreach (var spelling in new[] { secret, secret.ToUpperInvariant(), secret.ToLowerInvariant(), $"{secret}!", secret.Insert(7, "-") })
        {
            Assert.False(TokenPolicy.TryCheckSecret(spelling, out var fault));
            Assert.DoesNotContain(spelling, fault, StringComparison.Ordinal);
        }
    }

    private static string Make(string maker, Random random) => maker switch
    {
        "secrets new" => Base64Url.EncodeToString(Bytes(48, random)),
        "openssl rand -hex 16" => Convert.ToHexStringLower(Bytes(16, random)),
        "openssl rand -hex 32" => Convert.ToHexStringLower(Bytes(32, random)),
        "openssl rand -base64 32" => Convert.ToBase64String(Bytes(32, random)),
        "token_urlsafe(32)" => Base64Url.EncodeToString(Bytes(32, random)),
        "Django" => string.Create(DjangoLength, random, static (text, from) => from.GetItems(DjangoAlphabet, text)),
        _ => throw new ArgumentOutOfRangeException(nameof(maker), maker, "No maker of that name."),
    };

    private static byte[] Bytes(int length, Random random)
    {
        var bytes = new byte[length];
        random.NextBytes(bytes);
        return bytes;
    }
}
