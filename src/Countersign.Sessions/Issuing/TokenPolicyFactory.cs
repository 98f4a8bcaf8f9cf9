using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Issuing;

/// <summary>Makes the policy of the service's tokens from its options, which have been validated.</summary>
internal static class TokenPolicyFactory
{
    /// <summary>Makes the policy.</summary>
    /// <exception cref="InvalidOperationException">No issuer is configured, and there is no address to take one from.</exception>
    public static TokenPolicy Create(CountersignTokenOptions tokens, CountersignSessionOptions sessions, KeyRing keys, FallbackIssuer? fallback)
    {
        var issuer = tokens.Issuer ?? fallback?.Invoke();
        TokenPolicy policy;
        if (tokens.SecretKey is { } secret)
        {
            // The options were validated, which says where a secret may be weak.
            policy = TokenPolicy.UnsafeSharedSecret(secret, tokens.PreviousSecretKey);
            policy = issuer is null ? policy : policy.WithIssuer(issuer);

            // The original's libraries refuse an audience that they were not told of: one is written only where it was asked for.
            policy = tokens.Audience is null ? policy : policy.WithAudience(tokens.Audience);
        }
        else
        {
            if (issuer is null)
            {
                throw new InvalidOperationException("No issuer is configured: set Auth:Issuer to the https URL under which this service is reached.");
            }

            policy = TokenPolicy.Strict(keys, issuer, tokens.Audience ?? issuer);
        }

        return policy
            .WithClientId(tokens.ClientId)
            .WithLifetimes(accessToken: sessions.AccessTokenLifetime);
    }
}

/// <summary>Names the issuer where none is configured: the bound address, where that is allowed.</summary>
/// <returns>An absolute URL; null where no fallback is allowed.</returns>
internal delegate string? FallbackIssuer();
