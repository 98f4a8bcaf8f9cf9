using System.Buffers.Text;
using System.Security.Cryptography;
using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Benchmarks.Tokens;

/// <summary>
/// The token that every contestant writes and reads: the access token of a session as the server issues it, under one key. It is made once, so that no
/// contestant's time includes making the names.
/// </summary>
internal sealed class SampleToken : IDisposable
{
    public const string Issuer = "https://auth.example";
    public const string Audience = "https://api.example";
    public const string ClientId = "countersign";
    public const string Typ = "at+jwt";
    public static readonly string[] Methods = ["pwd"];
    public static readonly string[] Roles = ["user"];

    private SampleToken(SigningKey key)
    {
        Key = key;
        Keys = new KeyRing(new KeySet(key, []));
        Policy = TokenPolicy.Strict(Keys, Issuer, Audience);
        // Long enough for any run. The clock is read once, so that a run has only one token.
        IssuedAt = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds());
        ExpiresAt = IssuedAt + Policy.MaxAccessLifetime;
        Compact = new TokenIssuer(Policy, TimeProvider.System).Create(Describe());
    }

    public SigningKey Key { get; }

    public KeyRing Keys { get; }

    public TokenPolicy Policy { get; }

    public string Subject { get; } = Guid.CreateVersion7().ToString();

    public Guid SessionId { get; } = Guid.CreateVersion7();

    public string TokenId { get; } = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));

    public DateTimeOffset IssuedAt { get; }

    public DateTimeOffset ExpiresAt { get; }

    /// <summary>The token to validate. All contestants get ours.</summary>
    public string Compact { get; }

    public static SampleToken Create(SignatureAlgorithm algorithm) => new(SigningKey.Create(algorithm));

    public TokenDescriptor Describe() => new()
    {
        Type = TokenType.Access,
        Subject = Subject,
        IssuedAt = IssuedAt,
        ExpiresAt = ExpiresAt,
        TokenId = TokenId,
        SessionId = SessionId,
        AuthenticatedAt = IssuedAt,
        Methods = Methods,
        Roles = Roles,
    };

    /// <summary>Makes a number of tokens, each of another session.</summary>
    public string[] CreateMany(int count)
    {
        var issuer = new TokenIssuer(Policy, TimeProvider.System);
        var tokens = new string[count];
        for (int made = 0; made < count; made++)
        {
            tokens[made] = issuer.Create(new TokenDescriptor
            {
                Type = TokenType.Access,
                Subject = Guid.CreateVersion7().ToString(),
                IssuedAt = IssuedAt,
                ExpiresAt = ExpiresAt,
                TokenId = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16)),
                SessionId = Guid.CreateVersion7(),
                AuthenticatedAt = IssuedAt,
                Methods = Methods,
                Roles = Roles,
            });
        }

        return tokens;
    }

    public ECDsa OpenEcdsa()
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(Key.ExportPrivateKey(), out _);
        return key;
    }

    public RSA OpenRsa()
    {
        var key = RSA.Create();
        key.ImportPkcs8PrivateKey(Key.ExportPrivateKey(), out _);
        return key;
    }

    public void Dispose() => Key.Dispose();
}
