using System.Buffers.Text;
using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>Reads a claims set whose signature has been verified. A claim of the wrong JSON type refuses the token; it never counts as absent.</summary>
internal static class ClaimsReader
{
    /// <summary>Length of a UUID in "D" format.</summary>
    private const int SessionIdLength = 36;

    public static TokenError? Read(ReadOnlySpan<byte> utf8, TokenPolicy policy, out ClaimsSet claims)
    {
        if (PlainClaimsReader.TryRead(utf8, policy, out claims))
        {
            return null;
        }

        return ReadAny(utf8, policy, out claims);
    }

    /// <summary>Reads every form of JSON.</summary>
    internal static TokenError? ReadAny(ReadOnlySpan<byte> utf8, TokenPolicy policy, out ClaimsSet claims)
    {
        claims = default;
        switch (StrictJson.Check(utf8))
        {
            case JsonFault.DuplicateMember:
                return TokenError.DuplicateMember;
            case JsonFault.Malformed:
                return TokenError.MalformedPayload;
        }

        var reader = new Utf8JsonReader(utf8, StrictJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (!TryReadClaim(ref reader, policy, ref claims))
            {
                return TokenError.ClaimType;
            }

            reader.Skip();
        }

        return null;
    }

    /// <summary>Reads <c>aud</c> alone, from claims that have been read before, for a policy with another audience.</summary>
    public static AudienceClaim ReadAudience(ReadOnlySpan<byte> utf8, string? ours)
    {
        var reader = new Utf8JsonReader(utf8, StrictJson.ReaderOptions);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals(ClaimNames.Audience))
            {
                TryReadAudience(ref reader, ours, out var audience);
                return audience;
            }

            reader.Skip();
        }

        return AudienceClaim.Missing;
    }

    /// <summary>Reads a claim that is known, leaving the reader on the last token of its value, and passes over the name of any other.</summary>
    private static bool TryReadClaim(ref Utf8JsonReader reader, TokenPolicy policy, ref ClaimsSet claims)
    {
        var isAudience = reader.ValueTextEquals(ClaimNames.Audience);
        if (isAudience || reader.ValueTextEquals(ClaimNames.Issuer))
        {
            return isAudience ? TryReadAudience(ref reader, policy.Audience, out claims.Audience) : TryReadText(ref reader, out claims.Issuer, policy.Issuer);
        }

        if (reader.ValueTextEquals(ClaimNames.Confirmation))
        {
            claims.HasConfirmation = true;
            return reader.Read();
        }

        return reader.ValueTextEquals(ClaimNames.ExpiresAt) ? TryReadInstant(ref reader, out claims.ExpiresAt)
            : reader.ValueTextEquals(ClaimNames.IssuedAt) ? TryReadInstant(ref reader, out claims.IssuedAt)
            : reader.ValueTextEquals(ClaimNames.NotBefore) ? TryReadInstant(ref reader, out claims.NotBefore, isBeginning: true)
            : reader.ValueTextEquals(ClaimNames.AuthenticatedAt) ? TryReadInstant(ref reader, out claims.AuthenticatedAt)
            : reader.ValueTextEquals(ClaimNames.Subject) ? TryReadIdentifier(ref reader, out claims.Subject)
            : reader.ValueTextEquals(ClaimNames.TokenId) ? TryReadIdentifier(ref reader, out claims.TokenId)
            : reader.ValueTextEquals(ClaimNames.ClientId) ? TryReadText(ref reader, out claims.ClientId, policy.ClientId)
            : reader.ValueTextEquals(ClaimNames.SessionId) ? TryReadSessionId(ref reader, out claims.SessionId)
            : reader.ValueTextEquals(ClaimNames.Type) ? TryReadType(ref reader, out claims.Type)
            : reader.ValueTextEquals(ClaimNames.Methods) ? TryReadTexts(ref reader, ref claims)
            : reader.ValueTextEquals(ClaimNames.Roles) ? TryReadTexts(ref reader, ref claims)
            : reader.ValueTextEquals(ClaimNames.Epoch) ? TryReadEpoch(ref reader, out claims.Epoch)
            : reader.Read();
    }

    /// <summary>
    /// A NumericDate between 1970 and 9999. RFC 7519 §2 allows fractions of seconds, which are dropped, but for <c>nbf</c>, where that would let a token in
    /// before its time: it goes to the next second.
    /// </summary>
    private static bool TryReadInstant(ref Utf8JsonReader reader, out long? seconds, bool isBeginning = false)
    {
        seconds = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (reader.TryGetInt64(out var whole))
        {
            seconds = whole;
        }
        else if (reader.TryGetDouble(out var number) && number is >= 0 and < NumericDate.Max)
        {
            seconds = (long)(isBeginning ? Math.Ceiling(number) : Math.Floor(number));
        }

        return seconds is >= 0 and <= NumericDate.Max;
    }

    private static bool TryReadEpoch(ref Utf8JsonReader reader, out long? epoch)
    {
        epoch = null;
        if (reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
        {
            epoch = number;
        }

        return epoch >= 0;
    }

    /// <param name="reader">Stands on the name.</param>
    /// <param name="text">The value.</param>
    /// <param name="expected">A text that is given back in place of an equal one, so that the common case makes no string.</param>
    private static bool TryReadText(ref Utf8JsonReader reader, out string? text, string? expected = null)
    {
        text = null;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        text = expected is not null && reader.ValueTextEquals(expected) ? expected : reader.GetString();
        return true;
    }

    private static bool TryReadIdentifier(ref Utf8JsonReader reader, out ClaimText identifier)
    {
        identifier = default;
        if (!TryReadText(ref reader, out var text) || text!.Length > ClaimsWriter.MaxIdentifierLength)
        {
            return false;
        }

        identifier = new ClaimText(text);
        return true;
    }

    private static bool TryReadSessionId(ref Utf8JsonReader reader, out Guid? sessionId)
    {
        sessionId = null;
        if (reader.Read() && reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && reader.ValueSpan.Length == SessionIdLength
            && Utf8Parser.TryParse(reader.ValueSpan, out Guid value, out var consumed, 'D') && consumed == SessionIdLength)
        {
            sessionId = value;
        }

        return sessionId is not null;
    }

    private static bool TryReadType(ref Utf8JsonReader reader, out TypeClaim type)
    {
        type = TypeClaim.Missing;
        if (!reader.Read() || reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        type = reader.ValueTextEquals(ClaimNames.AccessType) ? TypeClaim.Access
            : reader.ValueTextEquals(ClaimNames.RefreshType) ? TypeClaim.Refresh
            : TypeClaim.Other;
        return true;
    }

    /// <summary>A string, or an array of strings; one element of another type anywhere refuses the token (RFC 7519 §4.1.3).</summary>
    private static bool TryReadAudience(ref Utf8JsonReader reader, string? ours, out AudienceClaim audience)
    {
        audience = AudienceClaim.Foreign;
        if (!reader.Read())
        {
            return false;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            audience = IsOurs(ref reader, ours) ? AudienceClaim.Ours : audience;
            return true;
        }

        if (reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            audience = IsOurs(ref reader, ours) ? AudienceClaim.Ours : audience;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }

    private static bool IsOurs(ref Utf8JsonReader reader, string? ours) => ours is not null && reader.ValueTextEquals(ours);

    /// <summary>An array of strings, which are counted here and read when somebody asks for them.</summary>
    private static bool TryReadTexts(ref Utf8JsonReader reader, ref ClaimsSet claims)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.String)
        {
            claims.ListedTexts++;
            claims.ListedBytes += reader.ValueSpan.Length;
        }

        return reader.TokenType == JsonTokenType.EndArray;
    }
}
