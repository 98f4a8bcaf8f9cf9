using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>
/// The rules by which tokens are issued and checked; immutable. <see cref="Strict"/> is the product's default. <see cref="SharedSecret"/> is for use beside
/// an application that signs with one HS256 secret. A missing setting never switches a check off.
/// </summary>
public sealed class TokenPolicy
{
    private TokenPolicy(KeyRing keys, string? issuer, string? audience, bool isSharedSecret)
    {
        Keys = keys;
        Issuer = issuer;
        Audience = audience;
        IsSharedSecret = isSharedSecret;
    }

    /// <summary>Whether this is the policy of a shared secret. Under it <c>iss</c>, <c>aud</c>, <c>iat</c>, <c>jti</c> and <c>typ</c> may be missing.</summary>
    public bool IsSharedSecret { get; }

    /// <summary>The keys that sign and verify.</summary>
    public KeyRing Keys { get; private set; }

    /// <summary><c>iss</c>. Null is possible only under a shared secret: none is written, and a token's issuer is not checked.</summary>
    public string? Issuer { get; private set; }

    /// <summary><c>aud</c> of access tokens. Null is possible only under a shared secret: none is written, and a token with an audience is refused.</summary>
    public string? Audience { get; private set; }

    /// <summary><c>client_id</c> of access tokens (RFC 9068 §2.2); default <c>countersign</c>.</summary>
    public string ClientId { get; private set; } = "countersign";

    /// <summary>Longest token in bytes; default 8,192. A longer token is refused without being read.</summary>
    public int MaxTokenBytes { get; private set; } = 8192;

    /// <summary>Lifetime of access tokens when the caller gives none; default 30 minutes.</summary>
    public TimeSpan AccessTokenLifetime { get; private set; } = TimeSpan.FromMinutes(30);

    /// <summary>Lifetime of refresh tokens when the caller gives none; default 7 days.</summary>
    public TimeSpan RefreshTokenLifetime { get; private set; } = TimeSpan.FromDays(7);

    /// <summary>Longest lifetime of an access token that is issued or accepted; default 60 minutes. Revocations are kept at least as long.</summary>
    public TimeSpan MaxAccessLifetime { get; private set; } = TimeSpan.FromMinutes(60);

    /// <summary>How far <c>iat</c> and <c>nbf</c> may be ahead of this clock; default 60 seconds. <c>exp</c> has no such allowance.</summary>
    public TimeSpan ClockSkew { get; private set; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether <c>exp</c> may have passed, see <see cref="UnsafePastExpiry"/>. No setting changes it.</summary>
    internal bool ReadsPastExpiry { get; private set; }

    /// <summary>
    /// RFC 9068 in full. It requires <c>kid</c>, <c>typ</c>, <c>iss</c>, <c>exp</c>, <c>iat</c>, <c>sub</c> and <c>type</c>, and in access tokens also
    /// <c>aud</c>, <c>jti</c> and <c>client_id</c>.
    /// </summary>
    /// <param name="keys">The keys, each with an id.</param>
    /// <param name="issuer"><c>iss</c>, compared ordinally.</param>
    /// <param name="audience"><c>aud</c>, compared ordinally.</param>
    /// <exception cref="ArgumentException">The issuer or the audience is empty.</exception>
    public static TokenPolicy Strict(KeyRing keys, string issuer, string audience)
    {
        ArgumentNullException.ThrowIfNull(keys);
        ThrowIfNotText(issuer);
        ThrowIfNotText(audience);
        return new TokenPolicy(keys, issuer, audience, isSharedSecret: false);
    }

    /// <summary>
    /// One HS256 secret, shared with an application that writes tokens with <c>exp</c>, <c>sub</c>, <c>type</c> and perhaps nothing else. No <c>kid</c> is
    /// written. A token that has a <c>kid</c> is refused, because no key has an id.
    /// </summary>
    /// <param name="secret">The secret. Its UTF-8 bytes are the key. It must pass <see cref="TryCheckSecret"/>.</param>
    /// <param name="previousSecret">The secret before this one. It verifies but no longer signs. Null when there is none.</param>
    /// <exception cref="ArgumentException">A secret does not pass, or both are the same.</exception>
    public static TokenPolicy SharedSecret(string secret, string? previousSecret = null)
    {
        ThrowIfWeak(secret, nameof(secret));
        if (previousSecret is not null)
        {
            ThrowIfWeak(previousSecret, nameof(previousSecret));
        }

        return UnsafeSharedSecret(secret, previousSecret);
    }

    /// <summary>
    /// Like <see cref="SharedSecret"/>, but accepts secrets that can be guessed. It is for callers that have called <see cref="TryCheckSecret"/> and decided
    /// otherwise.
    /// </summary>
    /// <exception cref="ArgumentException">A secret is too short for HS256 or is not well-formed text, or both are the same.</exception>
    internal static TokenPolicy UnsafeSharedSecret(string secret, string? previousSecret)
    {
        var signing = SharedSecretKey(secret, nameof(secret));
        if (previousSecret is null)
        {
            return new TokenPolicy(new KeyRing(new KeySet(signing, [])), issuer: null, audience: null, isSharedSecret: true);
        }

        if (string.Equals(secret, previousSecret, StringComparison.Ordinal))
        {
            throw new ArgumentException("The previous secret is the same as the current one.", nameof(previousSecret));
        }

        using var previous = SharedSecretKey(previousSecret, nameof(previousSecret));
        var keys = new KeySet(signing, [signing.VerificationKey, previous.VerificationKey]);
        return new TokenPolicy(new KeyRing(keys), issuer: null, audience: null, isSharedSecret: true);
    }

    /// <summary>Whether a text may be a shared secret. It is for checks at start that list every fault.</summary>
    /// <param name="secret">The text. The fault never contains it.</param>
    /// <param name="fault">What is wrong and how to mend it; null when nothing is.</param>
    public static bool TryCheckSecret([NotNullWhen(true)] string? secret, [NotNullWhen(false)] out string? fault) =>
        SharedSecretRules.TryCheck(secret, out fault);

    /// <summary>This policy with other keys, for tokens of another kind that have separate keys.</summary>
    public TokenPolicy WithKeys(KeyRing keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        return With(copy => copy.Keys = keys);
    }

    /// <summary>This policy with another issuer. Null is allowed only under a shared secret.</summary>
    public TokenPolicy WithIssuer(string? issuer)
    {
        ThrowIfNotTextOrAbsent(issuer, nameof(issuer));
        return With(copy => copy.Issuer = issuer);
    }

    /// <summary>This policy with another audience. Null is allowed only under a shared secret.</summary>
    public TokenPolicy WithAudience(string? audience)
    {
        ThrowIfNotTextOrAbsent(audience, nameof(audience));
        return With(copy => copy.Audience = audience);
    }

    /// <summary>This policy with another <see cref="ClientId"/>.</summary>
    public TokenPolicy WithClientId(string clientId)
    {
        ThrowIfNotText(clientId);
        return With(copy => copy.ClientId = clientId);
    }

    /// <summary>This policy with another <see cref="MaxTokenBytes"/>: 1,024 to 16,384.</summary>
    public TokenPolicy WithMaxTokenBytes(int maxTokenBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(maxTokenBytes, 1024);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(maxTokenBytes, 16384);
        return With(copy => copy.MaxTokenBytes = maxTokenBytes);
    }

    /// <summary>This policy with other lifetimes. Null leaves a lifetime as it is.</summary>
    /// <param name="accessToken"><see cref="AccessTokenLifetime"/>: 1 second to <see cref="MaxAccessLifetime"/>.</param>
    /// <param name="refreshToken"><see cref="RefreshTokenLifetime"/>: 1 second to 366 days.</param>
    /// <param name="maxAccess"><see cref="MaxAccessLifetime"/>: 1 second to 24 hours.</param>
    /// <exception cref="ArgumentOutOfRangeException">A lifetime is outside its range.</exception>
    /// <exception cref="ArgumentException">The lifetime of access tokens is above the longest accepted lifetime.</exception>
    public TokenPolicy WithLifetimes(TimeSpan? accessToken = null, TimeSpan? refreshToken = null, TimeSpan? maxAccess = null)
    {
        ThrowIfOutside(accessToken, TimeSpan.FromHours(24), nameof(accessToken));
        ThrowIfOutside(refreshToken, TimeSpan.FromDays(366), nameof(refreshToken));
        ThrowIfOutside(maxAccess, TimeSpan.FromHours(24), nameof(maxAccess));
        var access = accessToken ?? AccessTokenLifetime;
        var longest = maxAccess ?? MaxAccessLifetime;
        if (access > longest)
        {
            throw new ArgumentException($"{nameof(AccessTokenLifetime)} ({access}) is above {nameof(MaxAccessLifetime)} ({longest}).", nameof(accessToken));
        }

        return With(copy =>
        {
            copy.AccessTokenLifetime = access;
            copy.RefreshTokenLifetime = refreshToken ?? RefreshTokenLifetime;
            copy.MaxAccessLifetime = longest;
        });
    }

    /// <summary>This policy with another <see cref="ClockSkew"/>: 0 to 60 seconds.</summary>
    public TokenPolicy WithClockSkew(TimeSpan clockSkew)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(clockSkew, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(clockSkew, TimeSpan.FromSeconds(60));
        return With(copy => copy.ClockSkew = clockSkew);
    }

    /// <summary>
    /// This policy for a reader that compares <see cref="TokenClaims.ExpiresAt"/> itself. <c>exp</c> must be present and fit the other times, but may have
    /// passed. A token that such a reader accepts was valid once; it may be expired now.
    /// </summary>
    internal TokenPolicy UnsafePastExpiry() => With(static copy => copy.ReadsPastExpiry = true);

    private static void ThrowIfWeak(string secret, string parameter)
    {
        ArgumentNullException.ThrowIfNull(secret, parameter);
        if (!TryCheckSecret(secret, out var fault))
        {
            throw new ArgumentException(fault, parameter);
        }
    }

    private static SigningKey SharedSecretKey(string secret, string parameter)
    {
        ArgumentNullException.ThrowIfNull(secret, parameter);
        if (SharedSecretRules.FindFault(secret) is { } fault)
        {
            throw new ArgumentException(fault, parameter);
        }

        var bytes = Encoding.UTF8.GetBytes(secret);
        var key = SigningKey.FromSecret(bytes, SignatureAlgorithm.HS256, keyId: null);
        CryptographicOperations.ZeroMemory(bytes);
        return key;
    }

    private static void ThrowIfOutside(TimeSpan? lifetime, TimeSpan longest, string parameter)
    {
        if (lifetime < TimeSpan.FromSeconds(1) || lifetime > longest)
        {
            throw new ArgumentOutOfRangeException(parameter, lifetime, $"The lifetime must be 1 second to {longest}.");
        }
    }

    private static void ThrowIfNotText(string value, [System.Runtime.CompilerServices.CallerArgumentExpression(nameof(value))] string parameter = "")
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(value, parameter);
        WellFormedText.ThrowIfNot(value, parameter);
    }

    private void ThrowIfNotTextOrAbsent(string? value, string parameter)
    {
        if (value is not null || !IsSharedSecret)
        {
            ThrowIfNotText(value!, parameter);
        }
    }

    private TokenPolicy With(Action<TokenPolicy> change)
    {
        var copy = (TokenPolicy)MemberwiseClone();
        change(copy);
        return copy;
    }
}
