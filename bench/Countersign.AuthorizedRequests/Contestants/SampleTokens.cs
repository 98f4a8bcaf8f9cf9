using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>Tokens for apps that issue none. They are like those of a session.</summary>
internal static class SampleTokens
{
    public const string Issuer = "https://auth.example";
    public const string Audience = "https://api.example";

    /// <summary>Sent to apps that read no token, so that all requests have the same length.</summary>
    public static string NotRead { get; } = Create(SigningKey.Create(SignatureAlgorithm.ES256));

    public static string Create(SigningKey key)
    {
        var now = TimeProvider.System.GetUtcNow();
        var policy = TokenPolicy.Strict(new KeyRing(new KeySet(key, [])), Issuer, Audience);
        return new TokenIssuer(policy, TimeProvider.System).Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = Guid.CreateVersion7().ToString(),
            IssuedAt = now,
            ExpiresAt = now + policy.MaxAccessLifetime,
            TokenId = Guid.CreateVersion7().ToString("N"),
            SessionId = Guid.CreateVersion7(),
            AuthenticatedAt = now,
            Methods = ["pwd"],
            Roles = ["user"],
            Epoch = 0,
        });
    }
}
