using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>
/// The claims of a token that has passed every check, with their names in the token. Immutable. Claims that the checks do not need are read from the verified
/// bytes on demand, and are the same every time.
/// </summary>
public sealed class TokenClaims
{
    private static readonly IReadOnlyList<string> None = ImmutableArray<string>.Empty;

    private readonly byte[] _payload;
    private ClaimsSet _set;
    private int _ownLetters;
    private string? _subject;
    private string? _tokenId;
    private volatile byte _hasName;
    private IReadOnlyList<string>? _methods;
    private IReadOnlyList<string>? _roles;

    private TokenClaims(ReadOnlySpan<byte> payload, VerificationKey key)
    {
        _payload = payload.ToArray();
        Key = key;
    }

    /// <param name="claims">What was read from the payload.</param>
    /// <param name="payload">The payload, which is copied.</param>
    /// <param name="key">The key that verified it.</param>
    internal TokenClaims(in ClaimsSet claims, ReadOnlySpan<byte> payload, VerificationKey key)
        : this(payload, key) => _set = claims;

    /// <summary><c>sub</c>: the subject of the token; 1 to 255 characters.</summary>
    public string Subject => _subject ??= _set.Subject.Read(_payload)!;

    /// <summary><c>type</c>: the kind of the token.</summary>
    public TokenType Type => (TokenType)_set.Type;

    /// <summary><c>exp</c>: from this instant on the token is refused.</summary>
    public DateTimeOffset ExpiresAt => NumericDate.ToInstant(_set.ExpiresAt!.Value);

    /// <summary><c>iat</c>; null when the token has none.</summary>
    public DateTimeOffset? IssuedAt => Instant(_set.IssuedAt);

    /// <summary><c>nbf</c>; null when the token has none.</summary>
    public DateTimeOffset? NotBefore => Instant(_set.NotBefore);

    /// <summary><c>jti</c>; null when the token has none.</summary>
    public string? TokenId => _tokenId ??= _set.TokenId.Read(_payload);

    /// <summary><c>iss</c>; null when the token has none. It was not checked if the policy is a shared secret without issuer.</summary>
    public string? Issuer => _set.Issuer;

    /// <summary><c>client_id</c>; null when the token has none.</summary>
    public string? ClientId => _set.ClientId;

    /// <summary><c>sid</c>: the session; null when the token has no session. A token without session cannot be on a revocation list.</summary>
    public Guid? SessionId => _set.SessionId;

    /// <summary><c>auth_time</c>: when the user last authenticated; null when the token has none.</summary>
    public DateTimeOffset? AuthenticatedAt => Instant(_set.AuthenticatedAt);

    /// <summary><c>amr</c>; empty when the token has none.</summary>
    public IReadOnlyList<string> Methods => _methods ??= ReadTexts(ClaimNames.Methods);

    /// <summary><c>roles</c>; empty when the token has none.</summary>
    public IReadOnlyList<string> Roles => _roles ??= ReadTexts(ClaimNames.Roles);

    /// <summary><c>epoch</c>; null when the token has none.</summary>
    public long? Epoch => _set.Epoch;

    /// <summary><c>rev</c>; null when the token has none. See <see cref="TokenDescriptor.Revision"/>.</summary>
    public long? Revision => _set.Revision;

    /// <summary>The key that verified the token.</summary>
    public VerificationKey Key { get; }

    /// <summary>Whether the token has the claim <c>name</c> as a text. It is read once.</summary>
    internal bool HasName
    {
        get
        {
            // Several threads may find out at once, and all find the same.
            if (_hasName == 0)
            {
                _hasName = TryGetString("name", out _) ? (byte)1 : (byte)2;
            }

            return _hasName == 1;
        }
    }

    /// <summary>The claims set as in the token: a JSON object in UTF-8, without duplicate names.</summary>
    public ReadOnlyMemory<byte> PayloadUtf8 => _payload;

    /// <summary>Reads a claim that is a JSON string.</summary>
    /// <returns>False when there is no such claim or it is not a string.</returns>
    public bool TryGetString(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryFind(name, out var reader) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return value is not null;
    }

    /// <summary>Reads a claim that is a JSON number without fraction, within 64 bits.</summary>
    /// <returns>False when there is no such claim or it is not such a number.</returns>
    public bool TryGetInt64(string name, out long value)
    {
        value = 0;
        return TryFind(name, out var reader) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
    }

    /// <summary>Reads a claim that is a JSON number.</summary>
    /// <returns>False when there is no such claim, it is not a number, or it is beyond the range of finite numbers.</returns>
    public bool TryGetDouble(string name, out double value)
    {
        value = 0;
        return TryFind(name, out var reader) && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && double.IsFinite(value);
    }

    /// <summary>Reads a claim that is <c>true</c> or <c>false</c>.</summary>
    /// <returns>False when there is no such claim or it is not a Boolean.</returns>
    public bool TryGetBoolean(string name, out bool value)
    {
        var found = TryFind(name, out var reader) && reader.TokenType is JsonTokenType.True or JsonTokenType.False;
        value = found && reader.TokenType == JsonTokenType.True;
        return found;
    }

    /// <summary>Reads a claim of any type as JSON.</summary>
    /// <returns>False when there is no such claim.</returns>
    public bool TryGetElement(string name, out JsonElement value)
    {
        value = default;
        if (!TryFind(name, out var reader))
        {
            return false;
        }

        value = JsonElement.ParseValue(ref reader);
        return true;
    }

    /// <summary>Reads the payload of a token whose signature is right.</summary>
    /// <param name="payload">The payload, which is copied.</param>
    /// <param name="expected">The expected texts.</param>
    /// <param name="key">The key that verified the token.</param>
    /// <param name="claims">The claims, not yet checked against the policy; null when they cannot be read.</param>
    /// <returns>Why they cannot be read, or null.</returns>
    internal static TokenError? Read(ReadOnlySpan<byte> payload, ExpectedClaims expected, VerificationKey key, out TokenClaims? claims)
    {
        // The set is large, so it is filled in place and never copied.
        var read = new TokenClaims(payload, key);
        var error = ClaimsReader.Read(read._payload, expected, out read._set);
        read._ownLetters = OwnLetters(read.Issuer, expected.Issuer.Text) + OwnLetters(read.ClientId, expected.ClientId.Text);
        claims = error is null ? read : null;
        return error;
    }

    /// <summary>Returns the type's name, never the claims.</summary>
    public override string ToString() => nameof(TokenClaims);

    /// <summary>The claims as they were read, for another check against a policy.</summary>
    internal ref readonly ClaimsSet Set => ref _set;

    /// <summary>The approximate memory in bytes, including the texts and lists that are made on demand.</summary>
    /// <param name="objectBytes">The overhead of each object.</param>
    internal int EstimateBytes(int objectBytes)
    {
        var texts = Text(_set.Subject) + Text(_set.TokenId) + (_set.ListedTexts * (objectBytes + IntPtr.Size))
            + (_set.ListedBytes * sizeof(char)) + (_ownLetters * sizeof(char));
        return objectBytes + _payload.Length + texts + (_set.ListedTexts > 0 ? 4 * objectBytes : 0);

        int Text(ClaimText text) => text.IsPresent ? objectBytes + (text.Length * sizeof(char)) : 0;
    }

    /// <summary>Number of letters of a text that only this token has: texts of the policy are shared by all its tokens.</summary>
    private static int OwnLetters(string? text, string? shared) => ReferenceEquals(text, shared) ? 0 : text?.Length ?? 0;

    /// <summary>Reads an array of strings that passed the check. If two threads ask at once, they make two equal arrays.</summary>
    private IReadOnlyList<string> ReadTexts(string name)
    {
        if (!TryFind(name, out var reader))
        {
            return None;
        }

        var texts = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            texts.Add(reader.GetString()!);
        }

        return texts.DrainToImmutable();
    }

    private static DateTimeOffset? Instant(long? seconds) => seconds is { } value ? NumericDate.ToInstant(value) : null;

    /// <summary>Finds a claim and leaves the reader on the first token of its value. The bytes have passed the strict check, so reading cannot fail.</summary>
    private bool TryFind(string name, out Utf8JsonReader reader)
    {
        ArgumentNullException.ThrowIfNull(name);
        reader = new Utf8JsonReader(_payload, StrictJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            if (found)
            {
                return true;
            }

            reader.Skip();
        }

        return false;
    }
}
