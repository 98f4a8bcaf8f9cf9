using System.Buffers.Text;
using System.Text;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tokens.Tests;

/// <summary>
/// Makes tokens byte by byte, so that one can be wrong in exactly one way and still bear a genuine signature. Also holds the policy that they are held against.
/// </summary>
internal sealed class Forge : IDisposable
{
    public const string Issuer = "https://auth.example";
    public const string Audience = "https://api.example";

    /// <summary>Random, made for these tests.</summary>
    public const string Secret = "b1946ac92492d2347c6235b4d2611184f0a3c8e7d5b69f20";

    public static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public Forge(SignatureAlgorithm algorithm)
        : this(TestKeys.Make(algorithm), key => TokenPolicy.Strict(new KeyRing(new KeySet(key, [])), Issuer, Audience))
    {
    }

    private Forge(SigningKey key, Func<SigningKey, TokenPolicy> policy)
    {
        Key = key;
        Policy = policy(key);
        Time = new FakeTimeProvider(Start);
    }

    public SigningKey Key { get; }

    public TokenPolicy Policy { get; set; }

    public FakeTimeProvider Time { get; }

    public TokenValidator Validator => new(Policy, Time);

    public TokenIssuer TokenIssuer => new(Policy, Time);

    public static long Seconds(TimeSpan fromStart) => (Start + fromStart).ToUnixTimeSeconds();

    public static Forge OfSharedSecret() => new(
        SigningKey.FromSecret(Encoding.UTF8.GetBytes(Secret), SignatureAlgorithm.HS256, keyId: null), _ => TokenPolicy.SharedSecret(Secret));

    /// <summary>The header of a good access token, with changes: a null value removes a member, a new name appends one. Values are raw JSON.</summary>
    public string Header(params (string Name, string? Json)[] changes)
    {
        var typ = Key.KeyId is null ? "\"JWT\"" : "\"at+jwt\"";
        var kid = Key.KeyId is null ? null : $"\"{Key.KeyId}\"";
        return Json([("alg", $"\"{Key.Algorithm.Name}\""), ("typ", typ), ("kid", kid)], changes);
    }

    /// <summary>The claims of a good access token, with changes as in <see cref="Header"/>.</summary>
    public static string Claims(params (string Name, string? Json)[] changes) => Json(
        [
            ("iss", $"\"{Issuer}\""), ("sub", "\"42\""), ("aud", $"\"{Audience}\""), ("client_id", "\"countersign\""),
            ("exp", $"{Seconds(TimeSpan.FromMinutes(30))}"), ("iat", $"{Seconds(TimeSpan.Zero)}"), ("jti", "\"id-1\""), ("type", "\"access\""),
        ],
        changes);

    /// <summary>The three claims that every token has.</summary>
    public static string SpecificationClaims(params (string Name, string? Json)[] changes) =>
        Json([("exp", $"{Seconds(TimeSpan.FromMinutes(30))}"), ("sub", "\"42\""), ("type", "\"access\"")], changes);

    public string Token(string? header = null, string? claims = null) =>
        Token(Encoding.UTF8.GetBytes(header ?? Header()), Encoding.UTF8.GetBytes(claims ?? Claims()));

    public string Token(byte[] header, byte[] claims) => Sign(Base64Url.EncodeToString(header), Base64Url.EncodeToString(claims));

    /// <summary>Signs two segments as they stand, whatever is in them.</summary>
    public string Sign(string header, string payload) => Sign($"{header}.{payload}");

    public string Sign(string signingInput)
    {
        var signature = new byte[Key.SignatureBytes];
        Key.Sign(Encoding.UTF8.GetBytes(signingInput), signature);
        return $"{signingInput}.{Base64Url.EncodeToString(signature)}";
    }

    public TokenError? Problem(string token, TokenType type = TokenType.Access)
    {
        var accepted = Validator.TryValidate(token, out var claims, out var error, type);
        Assert.Equal(accepted, claims is not null);
        Assert.Equal(accepted, error is null);
        return error;
    }

    public TokenClaims Accepted(string token, TokenType type = TokenType.Access)
    {
        Assert.True(Validator.TryValidate(token, out var claims, out var error, type), $"refused: {error}");
        return claims;
    }

    public void Dispose() => Key.Dispose();

    private static string Json((string Name, string? Json)[] members, (string Name, string? Json)[] changes)
    {
        var all = members.ToList();
        foreach (var change in changes)
        {
            var at = all.FindIndex(member => string.Equals(member.Name, change.Name, StringComparison.Ordinal));
            if (at >= 0)
            {
                all[at] = change;
            }
            else
            {
                all.Add(change);
            }
        }

        return "{" + string.Join(',', all.Where(member => member.Json is not null).Select(member => $"\"{member.Name}\":{member.Json}")) + "}";
    }
}
