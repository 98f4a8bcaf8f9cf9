using System.Buffers;
using System.Buffers.Text;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>Makes tokens under a policy. Safe for use by many threads.</summary>
/// <param name="policy">The policy.</param>
/// <param name="time">The clock. It is read once for each token whose instants are not given.</param>
public sealed class TokenIssuer(TokenPolicy policy, TimeProvider time)
{
    private const byte Dot = (byte)'.';

    /// <summary>Most bytes that one UTF-16 unit takes in JSON, as <c>\u0000</c>.</summary>
    private const int LongestEscape = 6;

    /// <summary>More than the members that every token has, of which the claims set is counted too.</summary>
    private const int MostOwnClaims = 16;

    private readonly TokenPolicy _policy = policy ?? throw new ArgumentNullException(nameof(policy));
    private readonly TimeProvider _time = time ?? throw new ArgumentNullException(nameof(time));

    /// <summary>Makes an access token without a session, with a random <c>jti</c>.</summary>
    /// <param name="subject"><c>sub</c>: 1 to 255 characters.</param>
    /// <param name="lifetime">
    /// The exact lifetime in whole seconds; a fraction is dropped. Range 1 second to <see cref="TokenPolicy.MaxAccessLifetime"/>. Null uses
    /// <see cref="TokenPolicy.AccessTokenLifetime"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is outside its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is empty, too long, or not well-formed text.</exception>
    /// <exception cref="InvalidOperationException">The policy has no key that signs.</exception>
    public IssuedToken CreateAccessToken(string subject, TimeSpan? lifetime = null)
    {
        var lives = lifetime ?? _policy.AccessTokenLifetime;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lives, _policy.MaxAccessLifetime, nameof(lifetime));
        return CreateWithoutSession(TokenType.Access, subject, lives);
    }

    /// <summary>
    /// Makes a refresh token without a session, with a random <c>jti</c>. Refresh endpoints that rotate sessions refuse it. It is for applications that handle
    /// refresh themselves.
    /// </summary>
    /// <param name="subject"><c>sub</c>: 1 to 255 characters.</param>
    /// <param name="lifetime">
    /// The exact lifetime in whole seconds; a fraction is dropped. Range 1 second to 366 days. Null uses <see cref="TokenPolicy.RefreshTokenLifetime"/>.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="lifetime"/> is outside its range.</exception>
    /// <exception cref="ArgumentException"><paramref name="subject"/> is empty, too long, or not well-formed text.</exception>
    /// <exception cref="InvalidOperationException">The policy has no key that signs.</exception>
    public IssuedToken CreateRefreshToken(string subject, TimeSpan? lifetime = null)
    {
        var lives = lifetime ?? _policy.RefreshTokenLifetime;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(lives, TimeSpan.FromDays(366), nameof(lifetime));
        return CreateWithoutSession(TokenType.Refresh, subject, lives);
    }

    /// <summary>Makes the described token with the current signing key.</summary>
    /// <exception cref="ArgumentException">
    /// The descriptor is not allowed, or the token would be longer than <see cref="TokenPolicy.MaxTokenBytes"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The policy has no key that signs, or it is strict and its key has no id.</exception>
    public string Create(TokenDescriptor descriptor) =>
        Create(descriptor, _policy.Keys.Current.Signing ?? throw new InvalidOperationException("The key set has no key that signs."));

    /// <summary>Makes the described token with the given key. With a symmetric key, equal descriptors give equal tokens.</summary>
    /// <exception cref="ArgumentException">
    /// The descriptor is not allowed, or the token would be longer than <see cref="TokenPolicy.MaxTokenBytes"/>.
    /// </exception>
    /// <exception cref="InvalidOperationException">The policy is strict and the key has no id.</exception>
    public string Create(TokenDescriptor descriptor, SigningKey key)
    {
        ArgumentNullException.ThrowIfNull(descriptor);
        ArgumentNullException.ThrowIfNull(key);
        ThrowIfUndefined(descriptor.Type);
        if (key.KeyId is null && !_policy.IsSharedSecret)
        {
            throw new InvalidOperationException("Tokens of a strict policy name their key, but this key has no id.");
        }

        ClaimsWriter.ThrowIfNotWritable(_policy, descriptor);
        var payload = PayloadBuffer.Rent();
        try
        {
            Write(payload, descriptor);
            ThrowIfUnreadable(descriptor, payload.Written);
            return Assemble(key.VerificationKey.EncodedHeader(descriptor.Type), payload.Written, key);
        }
        finally
        {
            payload.Return();
        }
    }

    /// <summary>Computes the length of the described token without making it.</summary>
    /// <returns>
    /// Null if no token can be made: there is no key that signs, or a claim can't be written. <see cref="Create(TokenDescriptor)"/> says why.
    /// </returns>
    internal int? Measure(TokenDescriptor descriptor)
    {
        if (_policy.Keys.Current.Signing is not { } key)
        {
            return null;
        }

        var payload = PayloadBuffer.Rent();
        try
        {
            ClaimsWriter.ThrowIfNotWritable(_policy, descriptor);
            Write(payload, descriptor);
            return LengthOf(SigningInputLength(key.VerificationKey.EncodedHeader(descriptor.Type), payload.Written), key);
        }
        catch (ArgumentException)
        {
            return null;
        }
        finally
        {
            payload.Return();
        }
    }

    /// <summary>
    /// Whether further claims can be in a token, except for its length: a reader finds no name twice, and nothing that is too long or too deep.
    /// </summary>
    /// <remarks>It is for code that must know this before it writes to a database. <see cref="Create(TokenDescriptor)"/> checks again.</remarks>
    internal static bool CanCarry(ICollection<KeyValuePair<string, ClaimValue>> claims)
    {
        if (claims.Count > StrictJson.MaxMembers - MostOwnClaims)
        {
            return false;
        }

        var suspect = claims.Where(MayBeUnreadable).ToList();
        if (suspect.Count == 0)
        {
            return true;
        }

        var payload = PayloadBuffer.Rent();
        try
        {
            payload.Write(suspect);
            return StrictJson.Check(payload.Written) is JsonFault.None;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // Lone surrogates are found only by writing.
            return false;
        }
        finally
        {
            payload.Return();
        }
    }

    private static int SigningInputLength(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload) =>
        header.Length + 1 + Base64Url.GetEncodedLength(payload.Length);

    private static int LengthOf(int signingInput, SigningKey key) => signingInput + 1 + Base64Url.GetEncodedLength(key.SignatureBytes);

    private static void ThrowIfUndefined(TokenType type)
    {
        if (type is not (TokenType.Access or TokenType.Refresh))
        {
            throw new ArgumentException("The type must be access or refresh.", nameof(type));
        }
    }

    /// <summary>
    /// Checks further claims against the rules of this package's reader: no name twice in one object, limits on length, depth and number. Few claims can break
    /// these rules, and only those are read again here.
    /// </summary>
    private static void ThrowIfUnreadable(TokenDescriptor descriptor, ReadOnlySpan<byte> payload)
    {
        var suspect = descriptor.Claims is { } claims && (claims.Count > StrictJson.MaxMembers / 2 || claims.Any(MayBeUnreadable));
        if (suspect && StrictJson.Check(payload) is not JsonFault.None)
        {
            throw new ArgumentException(
                "The claims have a name twice in one object, or their names are too long, too many or nested too deeply for a token.", nameof(descriptor));
        }
    }

    private static bool MayBeUnreadable(KeyValuePair<string, ClaimValue> claim) =>
        claim.Key.Length > StrictJson.MaxEscapedNameBytes / LongestEscape || claim.Value.MayBeUnreadable;

    private void Write(PayloadBuffer payload, TokenDescriptor descriptor)
    {
        try
        {
            payload.Write(_policy, descriptor);
        }
        catch (InvalidOperationException exception)
        {
            // JSON of a caller can contain lone surrogates. Parsing accepts them and writing throws, so writing is the only way to find them.
            throw new ArgumentException("A claim's JSON has a lone surrogate, or more nesting than a token may.", nameof(descriptor), exception);
        }
    }

    private IssuedToken CreateWithoutSession(TokenType type, string subject, TimeSpan lifetime)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(lifetime, TimeSpan.FromSeconds(1));
        var issuedAt = _time.GetUtcNow().ToUnixTimeSeconds();
        var expiresAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt + (long)lifetime.TotalSeconds);
        var value = Create(new TokenDescriptor
        {
            Type = type,
            Subject = subject,
            IssuedAt = DateTimeOffset.FromUnixTimeSeconds(issuedAt),
            ExpiresAt = expiresAt,
            TokenId = KeyIdentifier.Random(),
        });
        return new IssuedToken(value, expiresAt);
    }

    private string Assemble(ReadOnlySpan<byte> header, ReadOnlySpan<byte> payload, SigningKey key)
    {
        var signingInput = SigningInputLength(header, payload);
        var length = LengthOf(signingInput, key);
        if (length > _policy.MaxTokenBytes)
        {
            throw new ArgumentException(
                $"The token would have {length} bytes, above {nameof(TokenPolicy.MaxTokenBytes)} ({_policy.MaxTokenBytes}).", nameof(payload));
        }

        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            var token = rented.AsSpan(0, length);
            header.CopyTo(token);
            token[header.Length] = Dot;
            Base64Url.EncodeToUtf8(payload, token[(header.Length + 1)..]);
            token[signingInput] = Dot;
            Span<byte> signature = stackalloc byte[key.SignatureBytes];
            key.Sign(token[..signingInput], signature);
            Base64Url.EncodeToUtf8(signature, token[(signingInput + 1)..]);
            return Encoding.ASCII.GetString(token);
        }
        finally
        {
            // The next renter gets the array, and it contains a credential.
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
