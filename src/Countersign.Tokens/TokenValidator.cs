using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Countersign.Tokens.Verified;

namespace Countersign.Tokens;

/// <summary>
/// Checks tokens against a policy (RFC 7519 §7.2, RFC 8725, RFC 9068 §4). The order of checks is: size, three segments, base64url, header, key, algorithm,
/// signature, claims, issuer, audience, type, revocation. No content of a token makes it throw. Safe for use by many threads.
/// </summary>
public sealed class TokenValidator
{
    /// <summary>Longest header segment in bytes. Ours have fewer than 300.</summary>
    private const int MaxHeaderSegmentBytes = 2048;

    /// <summary>Bytes on the stack. A token that needs more rents memory.</summary>
    private const int StackBytes = 4096;

    private readonly TokenPolicy _policy;
    private readonly ExpectedClaims _expected;
    private readonly TimeProvider _time;
    private readonly RevocationList? _revocations;
    private readonly VerifiedTokenCache? _verified;

    /// <summary>Makes a validator.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="time">The clock. It is read once in each call.</param>
    /// <param name="revocations">The revoked sessions; null for a service that learns of no revocations.</param>
    /// <param name="verified">The cache of verified tokens; null verifies every token every time.</param>
    public TokenValidator(TokenPolicy policy, TimeProvider time, RevocationList? revocations = null, VerifiedTokenCache? verified = null)
    {
        ArgumentNullException.ThrowIfNull(policy);
        ArgumentNullException.ThrowIfNull(time);
        _policy = policy;
        _expected = new ExpectedClaims(policy);
        _time = time;
        _revocations = revocations;
        _verified = verified;
    }

    /// <summary>The issuer that tokens must name; null if any is accepted.</summary>
    internal string? Issuer => _policy.Issuer;

#pragma warning disable RS0026 // The two differ in their first parameter, so no call is ambiguous.

    /// <summary>Checks a token.</summary>
    /// <param name="token">The token in compact form, with nothing around it.</param>
    /// <param name="claims">Its claims; null when it is refused.</param>
    /// <param name="error">Why it is refused; null when it is not.</param>
    /// <param name="type">The expected kind of token.</param>
    /// <param name="now">The current time, if the caller has read the clock already. Null: the clock is read now.</param>
    public bool TryValidate(
        ReadOnlySpan<char> token,
        [NotNullWhen(true)] out TokenClaims? claims,
        [NotNullWhen(false)] out TokenError? error,
        TokenType type = TokenType.Access,
        DateTimeOffset? now = null)
    {
        error = Check(token, now ?? _time.GetUtcNow(), Defined(type), out var checkedClaims);
        claims = error is null ? checkedClaims : null;
        return claims is not null && error is null;
    }

    /// <summary>Checks a token.</summary>
    /// <param name="utf8Token">The token in compact form as UTF-8, with nothing around it.</param>
    /// <param name="claims">Its claims; null when it is refused.</param>
    /// <param name="error">Why it is refused; null when it is not.</param>
    /// <param name="type">The expected kind of token.</param>
    /// <param name="now">The current time, if the caller has read the clock already. Null: the clock is read now.</param>
    public bool TryValidate(
        ReadOnlySpan<byte> utf8Token,
        [NotNullWhen(true)] out TokenClaims? claims,
        [NotNullWhen(false)] out TokenError? error,
        TokenType type = TokenType.Access,
        DateTimeOffset? now = null)
    {
        error = Check(utf8Token, now ?? _time.GetUtcNow(), Defined(type), out var checkedClaims);
        claims = error is null ? checkedClaims : null;
        return claims is not null && error is null;
    }

#pragma warning restore RS0026

    /// <summary>Checks a token of either kind.</summary>
    /// <param name="token">The token. Null is refused like any invalid token.</param>
    /// <returns>The subject, expiry and type; null for a token that is invalid in any way.</returns>
    public TokenPayload? Decode(string? token)
    {
        var error = Check(token, _time.GetUtcNow(), expected: null, out var claims);
        return error is null && claims is not null ? new TokenPayload(claims.Subject, claims.ExpiresAt, TypeClaims.Write(claims.Type)) : null;
    }

    /// <summary>Checks an access token whose session alone matters to the caller.</summary>
    /// <param name="token">The token in compact form, with nothing around it.</param>
    /// <param name="claims">Its claims. Not null too if the token is only stale, and its roles and further claims are out of date.</param>
    /// <returns>Why it is refused; <see cref="TokenError.Stale"/> if nothing else is wrong with it.</returns>
    internal TokenError? CheckAccess(ReadOnlySpan<char> token, out TokenClaims? claims) => Check(token, _time.GetUtcNow(), TokenType.Access, out claims);

    /// <summary>A token that is only stale is genuine and belongs to a live session.</summary>
    private static bool HasClaims(TokenError? error) => error is null or TokenError.Stale;

    private static TokenType Defined(TokenType type) =>
        type is TokenType.Access or TokenType.Refresh ? type : throw new ArgumentOutOfRangeException(nameof(type), type, "The type must be access or refresh.");

    private TokenError? Check(ReadOnlySpan<char> token, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        claims = null;
        if (token.Length > _policy.MaxTokenBytes)
        {
            return TokenError.TooLong;
        }

        if (_verified?.Find(token) is { } known && TryCheckAgain(known, now, expected, out var error))
        {
            claims = HasClaims(error) ? known.Claims : null;
            return error;
        }

        return CheckText(token, now, expected, out claims);
    }

    [SkipLocalsInit]
    private TokenError? CheckText(ReadOnlySpan<char> token, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        claims = null;
        byte[]? rented = null;
        // The bytes of the text, followed by room for the decoded segments.
        var memory = token.Length <= StackBytes / 2 ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(2 * token.Length);
        try
        {
            if (Ascii.FromUtf16(token, memory, out _) != OperationStatus.Done)
            {
                MarkForeign(token, memory);
            }

            return CheckBytes(memory[..token.Length], memory[token.Length..], now, expected, out claims);
        }
        finally
        {
            Release(rented);
        }
    }

    /// <summary>
    /// Copies the text as bytes. A character outside ASCII becomes a byte that is not base64url, so text and bytes are refused for the same reason.
    /// </summary>
    private static void MarkForeign(ReadOnlySpan<char> token, Span<byte> memory)
    {
        for (var i = 0; i < token.Length; i++)
        {
            memory[i] = char.IsAscii(token[i]) ? (byte)token[i] : byte.MaxValue;
        }
    }

    private TokenError? Check(ReadOnlySpan<byte> token, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        claims = null;
        if (token.Length > _policy.MaxTokenBytes)
        {
            return TokenError.TooLong;
        }

        if (_verified?.Find(token) is { } known && TryCheckAgain(known, now, expected, out var error))
        {
            claims = HasClaims(error) ? known.Claims : null;
            return error;
        }

        return CheckBytes(token, now, expected, out claims);
    }

    /// <summary>
    /// Checks everything that can have changed since the token was verified, or that this policy judges differently, in the order of a first check.
    /// </summary>
    /// <returns>False when the key object is no longer in the key set. Then the token is verified again.</returns>
    private bool TryCheckAgain(VerifiedToken known, DateTimeOffset now, TokenType? expected, out TokenError? error)
    {
        error = ClaimsRules.IsTypAllowed(known.Typ, _policy, expected) ? null : TokenError.WrongTyp;
        if (error is not null)
        {
            return true;
        }

        var key = known.Claims.Key;
        if (!_policy.Keys.Current.Holds(key) || (key.KeyId is null && !_policy.IsSharedSecret))
        {
            return false;
        }

        ref readonly var set = ref known.Claims.Set;
        error = string.Equals(known.Audience, _policy.Audience, StringComparison.Ordinal)
            ? ClaimsRules.Check(set, _policy, known.Typ, expected, now)
            : CheckForThisAudience(known, now, expected);
        error ??= CheckRevocation(set);
        if (error is null)
        {
            known.MarkUsed();
        }

        return true;
    }

    private TokenError? CheckForThisAudience(VerifiedToken known, DateTimeOffset now, TokenType? expected)
    {
        var set = known.Claims.Set;
        set.Audience = ClaimsReader.ReadAudience(known.Claims.PayloadUtf8.Span, _expected.Audience);
        return ClaimsRules.Check(set, _policy, known.Typ, expected, now);
    }

    [SkipLocalsInit]
    private TokenError? CheckBytes(ReadOnlySpan<byte> token, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        byte[]? rented = null;
        var memory = token.Length <= StackBytes ? stackalloc byte[StackBytes] : rented = ArrayPool<byte>.Shared.Rent(token.Length);
        try
        {
            return CheckBytes(token, memory, now, expected, out claims);
        }
        finally
        {
            Release(rented);
        }
    }

    /// <param name="token">The token.</param>
    /// <param name="memory">At least as many bytes, for the decoded segments.</param>
    /// <param name="now">The reading of the clock.</param>
    /// <param name="expected">The expected kind of token; null accepts both kinds.</param>
    /// <param name="claims">Its claims; null when it is refused.</param>
    private TokenError? CheckBytes(ReadOnlySpan<byte> token, Span<byte> memory, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        claims = null;
        if (!CompactToken.TrySplit(token, out var segments))
        {
            return TokenError.MalformedSegments;
        }

        return segments.Header.Length > MaxHeaderSegmentBytes ? TokenError.TooLong : CheckSegments(segments, memory, now, expected, out claims);
    }

    [SkipLocalsInit]
    private TokenError? CheckSegments(in CompactToken segments, Span<byte> memory, DateTimeOffset now, TokenType? expected, out TokenClaims? claims)
    {
        claims = null;
        var keys = _policy.Keys.Current;
        var key = keys.Recognise(segments.Header, out var typ);
        var headerJson = ReadOnlySpan<byte>.Empty;
        if ((key is null && !Base64UrlStrict.TryDecode(segments.Header, memory, out headerJson))
            || !Base64UrlStrict.TryDecode(segments.Payload, memory[headerJson.Length..], out var payload)
            || !Base64UrlStrict.TryDecode(segments.Signature, memory[(headerJson.Length + payload.Length)..], out var signature))
        {
            return TokenError.MalformedBase64Url;
        }

        TokenError? error = null;
        JoseHeader header;
        Span<char> keyId = stackalloc char[KeyIdentifier.MaxLength];
        if (key is null)
        {
            error = JoseHeader.Read(headerJson, keyId, out header);
        }
        else
        {
            header = JoseHeader.Of(key, typ);
        }

        error ??= ClaimsRules.IsTypAllowed(header.Typ, _policy, expected) ? null : TokenError.WrongTyp;
        error ??= key?.KeyId is not null
            ? Verify(key, header, segments.SigningInput, signature)
            : Verify(keys, header, keyId[..header.KeyIdLength], segments.SigningInput, signature, out key);
        return error ?? CheckVerified(segments.Whole, payload, header.Typ, key!, now, expected, out claims);
    }

    /// <summary>Reads the claims of a token whose signature is right. The payload is not read before this.</summary>
    private TokenError? CheckVerified(
        ReadOnlySpan<byte> token,
        ReadOnlySpan<byte> payload,
        HeaderTyp typ,
        VerificationKey key,
        DateTimeOffset now,
        TokenType? expected,
        out TokenClaims? claims)
    {
        claims = null;
        var error = TokenClaims.Read(payload, _expected, key, out var read);
        if (read is not null)
        {
            error = ClaimsRules.Check(read.Set, _policy, typ, expected, now) ?? CheckRevocation(read.Set);
        }

        if (error is not null || read is null)
        {
            claims = HasClaims(error) ? read : null;
            return error ?? TokenError.MalformedPayload;
        }

        claims = read;
        _verified?.Add(new VerifiedToken(token, read, typ, _policy.Audience));
        return null;
    }

    private TokenError? Verify(
        KeySet keys,
        in JoseHeader header,
        ReadOnlySpan<char> keyId,
        ReadOnlySpan<byte> signingInput,
        ReadOnlySpan<byte> signature,
        out VerificationKey? key)
    {
        key = null;
        if (keys.Verification.Count == 0)
        {
            return TokenError.NoKeys;
        }

        if (header.HasKeyId)
        {
            key = keys.Find(keyId);
            return key is null ? TokenError.UnknownKey : Verify(key, header, signingInput, signature);
        }

        // A token without kid is verified with the shared secret and its predecessor. Only here are two keys tried.
        TokenError? error = TokenError.UnknownKey;
        for (var i = 0; _policy.IsSharedSecret && i < keys.WithoutId.Length && error is not null; i++)
        {
            key = keys.WithoutId[i];
            error = Verify(key, header, signingInput, signature);
        }

        return error;
    }

    private static TokenError? Verify(VerificationKey key, in JoseHeader header, ReadOnlySpan<byte> signingInput, ReadOnlySpan<byte> signature)
    {
        // The key that kid names decides, and the token's alg must agree (RFC 8725 §3.1).
        if (!ReferenceEquals(header.Algorithm, key.Algorithm))
        {
            return TokenError.AlgorithmMismatch;
        }

        try
        {
            return key.Verify(signingInput, signature) ? null : TokenError.BadSignature;
        }
        catch (CryptographicException)
        {
            return TokenError.VerificationFault;
        }
    }

    private TokenError? CheckRevocation(in ClaimsSet claims)
    {
        if (_revocations is null)
        {
            return null;
        }

        var isStale = false;
        if (claims.SessionId is { } sessionId && _revocations.TryFind(sessionId, claims.Revision ?? 0, out var reason, out isStale))
        {
            return reason switch
            {
                RevocationReason.AccountInactive => TokenError.AccountInactive,
                RevocationReason.SessionLimit => TokenError.SessionLimit,
                _ => TokenError.SessionRevoked,
            };
        }

        // A token without session and without epoch comes from an application that does not know epochs.
        var epoch = claims.Epoch ?? (claims.SessionId is null ? long.MaxValue : -1);
        var required = _revocations.Epoch;
        return required > 0 && epoch < required ? TokenError.EpochRevoked : isStale ? TokenError.Stale : null;
    }

    private static void Release(byte[]? rented)
    {
        if (rented is not null)
        {
            // The next renter gets the array, and it contains a credential.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
