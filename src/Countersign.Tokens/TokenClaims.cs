using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using System.Text.Json;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>
/// The claims of a token that has passed every check, with the names that they have in the token. Immutable. Claims of the application's own are read from the
/// verified bytes when they are asked for.
/// </summary>
public sealed class TokenClaims
{
    private readonly byte[] _payload;
    private readonly ImmutableArray<string> _methods;
    private readonly ImmutableArray<string> _roles;

    internal TokenClaims(in ClaimsSet claims, ReadOnlySpan<byte> payload, VerificationKey key)
    {
        _payload = payload.ToArray();
        _methods = Frozen(claims.Methods);
        _roles = Frozen(claims.Roles);
        Key = key;
        Subject = claims.Subject!;
        Type = (TokenType)claims.Type;
        ExpiresAt = NumericDate.ToInstant(claims.ExpiresAt!.Value);
        IssuedAt = Instant(claims.IssuedAt);
        NotBefore = Instant(claims.NotBefore);
        AuthenticatedAt = Instant(claims.AuthenticatedAt);
        Issuer = claims.Issuer;
        TokenId = claims.TokenId;
        ClientId = claims.ClientId;
        SessionId = claims.SessionId;
        Epoch = claims.Epoch;
    }

    /// <summary><c>sub</c>: whom the token is about; 1 to 255 characters.</summary>
    public string Subject { get; }

    /// <summary><c>type</c>.</summary>
    public TokenType Type { get; }

    /// <summary><c>exp</c>: the instant from which on the token is refused.</summary>
    public DateTimeOffset ExpiresAt { get; }

    /// <summary><c>iat</c>; null when the token has none.</summary>
    public DateTimeOffset? IssuedAt { get; }

    /// <summary><c>nbf</c>; null when the token has none.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary><c>jti</c>; null when the token has none.</summary>
    public string? TokenId { get; }

    /// <summary><c>iss</c>; null when the token has none. Under a shared secret without issuer it was compared with nothing.</summary>
    public string? Issuer { get; }

    /// <summary><c>client_id</c>; null when the token has none.</summary>
    public string? ClientId { get; }

    /// <summary><c>sid</c>: the session; null when the token belongs to none, so that no list can name it.</summary>
    public Guid? SessionId { get; }

    /// <summary><c>auth_time</c>: when the user last proved who they are; null when the token has none.</summary>
    public DateTimeOffset? AuthenticatedAt { get; }

    /// <summary><c>amr</c>; empty when the token has none.</summary>
    public IReadOnlyList<string> Methods => _methods;

    /// <summary><c>roles</c>; empty when the token has none.</summary>
    public IReadOnlyList<string> Roles => _roles;

    /// <summary><c>epoch</c>; null when the token has none.</summary>
    public long? Epoch { get; }

    /// <summary>The key that verified the token.</summary>
    public VerificationKey Key { get; }

    /// <summary>The claims set as it stands in the token: a JSON object in UTF-8, without duplicate names.</summary>
    public ReadOnlyMemory<byte> PayloadUtf8 => _payload;

    /// <summary>Reads a claim that is a JSON string.</summary>
    /// <returns>False when there is no such claim or it is no string.</returns>
    public bool TryGetString(string name, [NotNullWhen(true)] out string? value)
    {
        value = TryFind(name, out var reader) && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
        return value is not null;
    }

    /// <summary>Reads a claim that is a JSON number without fraction, within 64 bits.</summary>
    /// <returns>False when there is no such claim or it is no such number.</returns>
    public bool TryGetInt64(string name, out long value)
    {
        value = 0;
        return TryFind(name, out var reader) && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out value);
    }

    /// <summary>Reads a claim that is a JSON number.</summary>
    /// <returns>False when there is no such claim, it is no number, or it is beyond the range of finite numbers.</returns>
    public bool TryGetDouble(string name, out double value)
    {
        value = 0;
        return TryFind(name, out var reader) && reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out value) && double.IsFinite(value);
    }

    /// <summary>Reads a claim that is <c>true</c> or <c>false</c>.</summary>
    /// <returns>False when there is no such claim or it is no truth value.</returns>
    public bool TryGetBoolean(string name, out bool value)
    {
        var found = TryFind(name, out var reader) && reader.TokenType is JsonTokenType.True or JsonTokenType.False;
        value = found && reader.TokenType == JsonTokenType.True;
        return found;
    }

    /// <summary>Reads a claim as it stands, whatever its type.</summary>
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

    /// <summary>The type's name; never the claims.</summary>
    public override string ToString() => nameof(TokenClaims);

    private static ImmutableArray<string> Frozen(string[]? texts) =>
        texts is null ? [] : ImmutableCollectionsMarshal.AsImmutableArray(texts);

    private static DateTimeOffset? Instant(long? seconds) => seconds is { } value ? NumericDate.ToInstant(value) : null;

    /// <summary>Finds a claim and leaves the reader on the first token of its value. The bytes passed the strict check, so reading cannot fail.</summary>
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
