using System.Buffers.Text;
using System.Text.Json;

namespace Countersign.Tokens.Jose;

/// <summary>
/// Reads a claims set whose signature has been verified. If a claim has the wrong JSON type, the token is refused; such a claim never counts as absent.
/// </summary>
/// <remarks>
/// This reader handles every form of JSON and reports every error. <see cref="PlainClaimsReader"/> runs first and reads nearly all tokens.
/// </remarks>
internal ref struct ClaimsReader : IClaimValues
{
    /// <summary>Length of a UUID in "D" format.</summary>
    private const int SessionIdLength = 36;

    /// <summary>Most bytes that one byte of a name takes in JSON, as <c>\u0000</c>.</summary>
    private const int LongestEscape = 6;

    private Utf8JsonReader _reader;

    /// <param name="utf8">A JSON object that has passed the strict check.</param>
    private ClaimsReader(ReadOnlySpan<byte> utf8)
    {
        _reader = new Utf8JsonReader(utf8, StrictJson.ReaderOptions);
        _reader.Read();
    }

    public static TokenError? Read(ReadOnlySpan<byte> utf8, ExpectedClaims expected, out ClaimsSet claims) =>
        PlainClaimsReader.TryRead(utf8, expected, out claims) ? null : ReadAny(utf8, expected, out claims);

    internal static TokenError? ReadAny(ReadOnlySpan<byte> utf8, ExpectedClaims expected, out ClaimsSet claims)
    {
        claims = default;
        switch (StrictJson.Check(utf8))
        {
            case JsonFault.DuplicateMember:
                return TokenError.DuplicateMember;
            case JsonFault.Malformed:
                return TokenError.MalformedPayload;
        }

        var values = new ClaimsReader(utf8);
        while (values.TryReadName(out var claim))
        {
            if (!claims.TryRead(claim, ref values, expected))
            {
                return TokenError.ClaimType;
            }
        }

        return null;
    }

    /// <summary>Reads only <c>aud</c>, from claims that have been read before, for a policy with another audience.</summary>
    public static AudienceClaim ReadAudience(ReadOnlySpan<byte> utf8, in ExpectedText ours)
    {
        var values = new ClaimsReader(utf8);
        while (values.TryReadName(out var claim))
        {
            if (claim == KnownClaim.Audience)
            {
                values.TryReadAudience(ours, out var audience);
                return audience;
            }

            values.TrySkip();
        }

        return AudienceClaim.Missing;
    }

    /// <inheritdoc />
    /// <remarks>If the text equals the expected one, the expected string is used, so the common case allocates nothing.</remarks>
    public bool TryReadText(scoped in ExpectedText expected, out string? text)
    {
        text = null;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        text = IsExpected(expected) ? expected.Text : _reader.GetString();
        return true;
    }

    /// <inheritdoc />
    public bool TryReadIdentifier(out ClaimText identifier)
    {
        identifier = default;
        if (!TryReadText(default, out var text) || text!.Length > ClaimsWriter.MaxIdentifierLength)
        {
            return false;
        }

        identifier = new ClaimText(text);
        return true;
    }

    /// <inheritdoc />
    public bool TryReadSessionId(out Guid? sessionId)
    {
        sessionId = null;
        if (_reader.Read() && _reader.TokenType == JsonTokenType.String && !_reader.ValueIsEscaped && _reader.ValueSpan.Length == SessionIdLength
            && Utf8Parser.TryParse(_reader.ValueSpan, out Guid value, out var consumed, 'D') && consumed == SessionIdLength)
        {
            sessionId = value;
        }

        return sessionId is not null;
    }

    /// <inheritdoc />
    public bool TryReadType(out TypeClaim type)
    {
        type = TypeClaim.Missing;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.String)
        {
            return false;
        }

        type = TypeClaims.Read(Unescape(stackalloc byte[TypeClaims.Longest * LongestEscape]));
        return true;
    }

    /// <inheritdoc />
    /// <remarks>The value is a string or an array of strings. If any element has another type, the token is refused (RFC 7519 §4.1.3).</remarks>
    public bool TryReadAudience(scoped in ExpectedText ours, out AudienceClaim audience)
    {
        audience = AudienceClaim.Foreign;
        if (!_reader.Read())
        {
            return false;
        }

        if (_reader.TokenType == JsonTokenType.String)
        {
            audience = IsExpected(ours) ? AudienceClaim.Ours : audience;
            return true;
        }

        if (_reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.String)
        {
            audience = IsExpected(ours) ? AudienceClaim.Ours : audience;
        }

        return _reader.TokenType == JsonTokenType.EndArray;
    }

    /// <inheritdoc />
    public bool TryReadTexts(scoped ref ClaimsSet claims)
    {
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.StartArray)
        {
            return false;
        }

        while (_reader.Read() && _reader.TokenType == JsonTokenType.String)
        {
            claims.ListedTexts++;
            claims.ListedBytes += _reader.ValueSpan.Length;
        }

        return _reader.TokenType == JsonTokenType.EndArray;
    }

    /// <inheritdoc />
    public bool TryReadInstant(out long? seconds, bool roundsUp = false)
    {
        seconds = null;
        if (!_reader.Read() || _reader.TokenType != JsonTokenType.Number)
        {
            return false;
        }

        if (_reader.TryGetInt64(out var whole))
        {
            seconds = whole;
        }
        else if (_reader.TryGetDouble(out var number) && number is >= 0 and < NumericDate.Max)
        {
            seconds = (long)(roundsUp ? Math.Ceiling(number) : Math.Floor(number));
        }

        return seconds is >= 0 and <= NumericDate.Max;
    }

    /// <inheritdoc />
    public bool TryReadNumber(out long? number)
    {
        number = null;
        if (_reader.Read() && _reader.TokenType == JsonTokenType.Number && _reader.TryGetInt64(out var whole))
        {
            number = whole;
        }

        return number >= 0;
    }

    /// <inheritdoc />
    public bool TrySkip()
    {
        var isValue = _reader.Read();
        _reader.Skip();
        return isValue;
    }

    private bool TryReadName(out KnownClaim claim)
    {
        var isName = _reader.Read() && _reader.TokenType == JsonTokenType.PropertyName;
        claim = isName ? KnownClaims.Find(Unescape(stackalloc byte[KnownClaims.LongestName * LongestEscape])) : KnownClaim.None;
        return isName;
    }

    /// <summary>The text at the reader's position. Empty if the text has escapes and is longer than everything that it is compared with.</summary>
    private readonly ReadOnlySpan<byte> Unescape(Span<byte> memory)
    {
        if (!_reader.ValueIsEscaped)
        {
            return _reader.ValueSpan;
        }

        return _reader.ValueSpan.Length <= memory.Length ? memory[.._reader.CopyString(memory)] : default;
    }

    private readonly bool IsExpected(scoped in ExpectedText expected) => !expected.Utf8.IsEmpty && _reader.ValueTextEquals(expected.Utf8);
}
