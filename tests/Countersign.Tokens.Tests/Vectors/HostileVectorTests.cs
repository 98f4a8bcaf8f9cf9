using System.Text;
using System.Text.Json;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>
/// The project's own file of hostile tokens, under every algorithm and made without this project's code. Each row is signed with the genuine key unless the
/// signature is what is wrong, so that nothing but the rule it names can refuse it.
/// </summary>
public sealed class HostileVectorTests
{
    private static readonly JsonElement File = VectorFiles.ReadOwn("hostile-tokens.json");

    private static readonly string[] Rules =
    [
        "J-01", "J-02", "J-03", "J-04", "J-05", "J-06", "J-10", "J-11", "J-12", "J-13", "J-14", "J-15", "J-16", "J-17", "J-19", "J-20", "J-21",
        "J-30", "J-31", "J-32", "J-33", "J-34", "J-35", "J-36", "J-37", "J-38", "J-39",
    ];

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void TryValidate_EveryRow_IsRefusedByItsRule(string algorithm)
    {
        var (family, validator, now) = Open(algorithm);
        var rules = new SortedSet<string>(StringComparer.Ordinal);
        foreach (var row in family.GetProperty("refused").EnumerateArray())
        {
            var token = row.GetProperty("token").GetString()!;
            rules.Add(row.GetProperty("rule").GetString()!);

            Assert.False(validator.TryValidate(token, out var claims, out var error, TokenType.Access, now));
            Assert.Null(claims);
            Assert.True(row.GetProperty("error").GetString() == error.ToString(), $"{row.GetProperty("rule")} {row.GetProperty("name")}: {error}");
            Assert.False(validator.TryValidate(Encoding.UTF8.GetBytes(token), out _, out var again, TokenType.Access, now));
            Assert.Equal(error, again);
        }

        Assert.Equal(Rules.AsEnumerable(), rules);
    }

    [Theory]
    [MemberData(nameof(TestKeys.AllAlgorithms), MemberType = typeof(TestKeys))]
    public void TryValidate_TokensWithoutFault_AreAccepted(string algorithm)
    {
        var (family, validator, now) = Open(algorithm);
        Assert.Equal(6, family.GetProperty("accepted").GetArrayLength());
        foreach (var row in family.GetProperty("accepted").EnumerateArray())
        {
            Assert.True(
                validator.TryValidate(row.GetProperty("token").GetString(), out var claims, out var error, TokenType.Access, now),
                $"{row.GetProperty("name")}: {error}");
            Assert.Equal(("42", algorithm), (claims.Subject, claims.Key.Algorithm.Name));
        }
    }

    private static (JsonElement Family, TokenValidator Validator, DateTimeOffset Now) Open(string algorithm)
    {
        var family = File.GetProperty("families").EnumerateArray().Single(family => family.GetProperty("alg").GetString() == algorithm);
        var jwk = Encoding.UTF8.GetBytes(family.GetProperty("jwk").GetRawText());
        var key = JsonWebKey.TryRead(jwk, out var publicKey, out _)
            ? publicKey
            : JsonWebKey.TryReadPrivate(jwk, out var secret, out var fault)
            ? secret.VerificationKey
            : throw new InvalidOperationException(fault);
        Assert.Equal(key.Algorithm.IsSymmetric ? "secret-1" : key.KeyId, family.GetProperty("jwk").GetProperty("kid").GetString());
        var policy = TokenPolicy.Strict(
            new KeyRing(new KeySet(signing: null, [key])), File.GetProperty("issuer").GetString()!, File.GetProperty("audience").GetString()!);
        return (family, new TokenValidator(policy, TimeProvider.System), DateTimeOffset.FromUnixTimeSeconds(File.GetProperty("now").GetInt64()));
    }
}
