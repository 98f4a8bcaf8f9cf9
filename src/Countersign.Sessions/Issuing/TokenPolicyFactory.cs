using Countersign.Tokens;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Issuing;

/// <summary>Makes the policy of the service's tokens from validated options.</summary>
internal static class TokenPolicyFactory
{
    /// <exception cref="InvalidOperationException">No issuer is configured, and there is no address that can replace it.</exception>
    public static TokenPolicy Create(CountersignTokenOptions tokens, CountersignSessionOptions sessions, KeyRing keys, FallbackIssuer? fallback)
    {
        var issuer = tokens.Issuer ?? fallback?.Invoke();
        TokenPolicy policy;
        if (tokens.SecretKey is { } secret)
        {
            // The validation of the options has decided whether the secret may be weak.
            policy = TokenPolicy.UnsafeSharedSecret(secret, tokens.PreviousSecretKey);
            policy = issuer is null ? policy : policy.WithIssuer(issuer);

            // Libraries of the original service refuse an audience that they do not expect. So the token has one only if it is configured.
            policy = tokens.Audience is null ? policy : policy.WithAudience(tokens.Audience);
        }
        else
        {
            if (issuer is null)
            {
                throw new InvalidOperationException("No issuer is configured. Set Auth:Issuer to the https URL of this service.");
            }

            policy = TokenPolicy.Strict(keys, issuer, tokens.Audience ?? issuer);
        }

        return policy
            .WithClientId(tokens.ClientId)
            .WithLifetimes(accessToken: sessions.AccessTokenLifetime);
    }
}

/// <summary>Returns the issuer if none is configured: the bound address, if that is allowed.</summary>
/// <returns>An absolute URL; null if the address must not be used.</returns>
internal delegate string? FallbackIssuer();
