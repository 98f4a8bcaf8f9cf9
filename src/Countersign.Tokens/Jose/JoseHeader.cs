using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Jose;

/// <summary>The header of a token. It is read before anything in it is trusted. It may have three members; any other member refuses the token.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct JoseHeader
{
    private bool _hasAlgorithm;

    public HeaderTyp Typ { get; private set; }

    /// <summary>The algorithm that <c>alg</c> names; null if the name is not in the table.</summary>
    public SignatureAlgorithm? Algorithm { get; private set; }

    public bool HasKeyId { get; private set; }

    /// <summary>Number of characters of the <c>kid</c>; 0 if it is longer than any key id.</summary>
    public int KeyIdLength { get; private set; }

    /// <summary>The header that this package writes for a key.</summary>
    public static JoseHeader Of(VerificationKey key, HeaderTyp typ) =>
        new() { Typ = typ, Algorithm = key.Algorithm, HasKeyId = key.KeyId is not null, _hasAlgorithm = true };

    /// <summary>Reads a header.</summary>
    /// <param name="utf8">The decoded segment.</param>
    /// <param name="keyId">Receives the <c>kid</c>: <see cref="KeyIdentifier.MaxLength"/> characters.</param>
    /// <param name="header">The header.</param>
    /// <returns>Why the header is refused, or null.</returns>
    public static TokenError? Read(ReadOnlySpan<byte> utf8, Span<char> keyId, out JoseHeader header)
    {
        header = default;
        if (!Utf8.IsValid(utf8))
        {
            return TokenError.MalformedHeader;
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, StrictJson.ReaderOptions);
            return header.ReadMembers(ref reader, keyId) ?? (header._hasAlgorithm ? null : TokenError.MalformedHeader);
        }
        catch (JsonException)
        {
            return TokenError.MalformedHeader;
        }
    }

    private TokenError? ReadMembers(ref Utf8JsonReader reader, Span<char> keyId)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return TokenError.MalformedHeader;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!StrictJson.HasWellFormedText(reader))
            {
                return TokenError.MalformedHeader;
            }

            if (ReadMember(ref reader, keyId) is { } error)
            {
                return error;
            }
        }

        // Only white space may follow the object; the reader throws for anything else.
        reader.Read();
        return null;
    }

    private TokenError? ReadMember(ref Utf8JsonReader reader, Span<char> keyId)
    {
        if (reader.ValueTextEquals("alg"u8))
        {
            return _hasAlgorithm ? TokenError.DuplicateMember : ReadAlgorithm(ref reader);
        }

        if (reader.ValueTextEquals("typ"u8))
        {
            return Typ != HeaderTyp.Missing ? TokenError.DuplicateMember : ReadTyp(ref reader);
        }

        if (reader.ValueTextEquals("kid"u8))
        {
            return HasKeyId ? TokenError.DuplicateMember : ReadKeyId(ref reader, keyId);
        }

        return TokenError.UnsupportedHeader;
    }

    private TokenError? ReadAlgorithm(ref Utf8JsonReader reader)
    {
        if (!IsText(ref reader))
        {
            return TokenError.MalformedHeader;
        }

        _hasAlgorithm = true;
        foreach (var algorithm in SignatureAlgorithm.Table)
        {
            if (reader.ValueTextEquals(algorithm.Name))
            {
                Algorithm = algorithm;
            }
        }

        return null;
    }

    private TokenError? ReadTyp(ref Utf8JsonReader reader)
    {
        if (!IsText(ref reader))
        {
            return TokenError.WrongTyp;
        }

        // RFC 9068 section 2.1 allows the media type in full; RFC 7515 section 4.1.9 recommends leaving "application/" out.
        Typ = reader.ValueTextEquals("at+jwt"u8) || reader.ValueTextEquals("application/at+jwt"u8) ? HeaderTyp.Access
            : reader.ValueTextEquals("rt+jwt"u8) || reader.ValueTextEquals("application/rt+jwt"u8) ? HeaderTyp.Refresh
            : reader.ValueTextEquals("JWT"u8) ? HeaderTyp.Jwt
            : HeaderTyp.Other;
        return null;
    }

    private TokenError? ReadKeyId(ref Utf8JsonReader reader, Span<char> keyId)
    {
        if (!IsText(ref reader))
        {
            return TokenError.MalformedHeader;
        }

        HasKeyId = true;
        if (reader.ValueSpan.Length <= keyId.Length)
        {
            KeyIdLength = reader.CopyString(keyId);
        }

        return null;
    }

    private static bool IsText(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String && StrictJson.HasWellFormedText(reader);
}
