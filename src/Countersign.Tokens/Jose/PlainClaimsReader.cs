using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// Reads a claims set in the form that issuers nearly always write: printable ASCII without escapes, no white space between the parts, and only strings, whole
/// numbers, Booleans, null and arrays of strings as values. It needs one pass and no memory. It never refuses a token: it leaves every other form to
/// <see cref="ClaimsReader"/>, which reads all of JSON and reports every error. <see cref="ClaimsReader"/> reads whatever this reader reads, with the same
/// result.
/// </summary>
internal ref struct PlainClaimsReader : IClaimValues
{
    /// <summary>Most claims besides the known ones. Each is compared with all earlier ones.</summary>
    private const int MaxOthers = 8;

    /// <summary>Most digits of a number. A number with so many digits always fits into 64 bits.</summary>
    private const int MaxDigits = 18;

    private const int ShortNameLength = 3;

    /// <summary>Length of a UUID in "D" format.</summary>
    private const int SessionIdLength = 36;

    private readonly ReadOnlySpan<byte> _json;
    private OtherNames _others;
    private int _otherCount;
    private uint _seen;
    private int _at;

    private PlainClaimsReader(ReadOnlySpan<byte> json) => _json = json;

    /// <returns>False if the claims set has another form. The set may still be valid.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utf8, ExpectedClaims expected, out ClaimsSet claims)
    {
        claims = default;
        return !utf8.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            && !utf8.Contains((byte)'\\')
            && new PlainClaimsReader(utf8).TryReadObject(expected, ref claims);
    }

    private bool TryReadObject(ExpectedClaims expected, ref ClaimsSet claims)
    {
        if (expected.HasUsualBeginning && TryTake(expected.BeforeSubject))
        {
            if (!TryReadUsual(expected, ref claims))
            {
                return false;
            }
        }
        else if (!TryTake((byte)'{') || !TryReadMember(expected, ref claims))
        {
            return false;
        }

        while (TryTake((byte)','))
        {
            if (!TryReadMember(expected, ref claims))
            {
                return false;
            }
        }

        return TryTake((byte)'}') && _at == _json.Length;
    }

    /// <summary>
    /// Reads the claims from <c>sub</c> on, as long as they come in the order in which this package writes them. It compares each name with the expected one
    /// instead of looking it up. The rest is read like any other members.
    /// </summary>
    /// <returns>False if this reader does not read the value.</returns>
    private bool TryReadUsual(ExpectedClaims expected, ref ClaimsSet claims)
    {
        claims.Issuer = expected.Issuer.Text;
        See(KnownClaim.Subject);
        See(expected.Issuer.Text is null ? KnownClaim.None : KnownClaim.Issuer);
        if (!TryReadIdentifier(out claims.Subject))
        {
            return false;
        }

        if (!TryTake(expected.BeforeExpiry))
        {
            return true;
        }

        // Without an audience, or with a shared secret and no client, the order does not contain the claim. It may come later.
        claims.Audience = expected.Audience.Text is null ? AudienceClaim.Missing : AudienceClaim.Ours;
        See(expected.Audience.Text is null ? KnownClaim.None : KnownClaim.Audience);
        claims.ClientId = expected.WrittenClientId;
        See(expected.WrittenClientId is null ? KnownClaim.None : KnownClaim.ClientId);
        See(KnownClaim.ExpiresAt);
        return TryReadInstant(out claims.ExpiresAt) && TryReadUsualEnd(ref claims);
    }

    private bool TryReadUsualEnd(ref ClaimsSet claims) =>
        (!TryTake(KnownClaim.IssuedAt) || TryReadInstant(out claims.IssuedAt))
        && (!TryTake(KnownClaim.TokenId) || TryReadIdentifier(out claims.TokenId))
        && (!TryTake(KnownClaim.SessionId) || TryReadSessionId(out claims.SessionId))
        && (!TryTake(KnownClaim.Type) || TryReadType(out claims.Type))
        && (!TryTake(KnownClaim.AuthenticatedAt) || TryReadInstant(out claims.AuthenticatedAt))
        && (!TryTake(KnownClaim.Methods) || TryReadTexts(ref claims))
        && (!TryTake(KnownClaim.Roles) || TryReadTexts(ref claims));

    private bool TryReadMember(ExpectedClaims expected, ref ClaimsSet claims)
    {
        if (!TryReadName(out var claim, out var name))
        {
            return false;
        }

        // A repeated name is an error, and the other reader reports errors. It also reports a token that needs a proof.
        var isFirst = claim == KnownClaim.None ? TryRemember(name) : claim != KnownClaim.Confirmation && See(claim);
        return isFirst && claims.TryRead(claim, ref this, expected);
    }

    /// <summary>The name of a member with its colon. The common names have three letters; these are read at once with their quotation marks.</summary>
    private bool TryReadName(out KnownClaim claim, out ReadOnlySpan<byte> name)
    {
        claim = KnownClaim.None;
        name = default;
        var rest = _json[_at..];
        if (rest.Length > ShortNameLength + 3 && rest[0] == (byte)'"' && rest[ShortNameLength + 1] == (byte)'"' && rest[ShortNameLength + 2] == (byte)':')
        {
            name = rest.Slice(1, ShortNameLength);
            claim = KnownClaims.Find(name);
            // An empty name, or one that contains a quotation mark, is not a name of three letters.
            if (claim != KnownClaim.None || name.IndexOf((byte)'"') < 0)
            {
                _at += ShortNameLength + 3;
                return true;
            }
        }

        if (!TryReadString(out name) || !TryTake((byte)':'))
        {
            return false;
        }

        claim = KnownClaims.Find(name);
        return true;
    }

    /// <returns>False if the name occurred before, or there are too many names to remember.</returns>
    private bool TryRemember(ReadOnlySpan<byte> name)
    {
        foreach (var (start, length) in ((ReadOnlySpan<(int, int)>)_others)[.._otherCount])
        {
            if (_json.Slice(start, length).SequenceEqual(name))
            {
                return false;
            }
        }

        if (_otherCount == MaxOthers)
        {
            return false;
        }

        // The quotation mark and the colon follow the name.
        _others[_otherCount++] = (_at - 2 - name.Length, name.Length);
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(byte expected)
    {
        if ((uint)_at >= (uint)_json.Length || _json[_at] != expected)
        {
            return false;
        }

        _at++;
        return true;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(ReadOnlySpan<byte> word)
    {
        if (!_json[_at..].StartsWith(word))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    /// <summary>Reads the name of the expected claim. The same claim cannot have occurred before.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(KnownClaim claim)
    {
        if (!TryTake(KnownClaims.Member(claim)))
        {
            return false;
        }

        See(claim);
        return true;
    }

    /// <returns>Whether the claim has not occurred before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool See(KnownClaim claim)
    {
        var bit = 1U << (int)claim;
        var isFirst = (_seen & bit) == 0;
        _seen |= bit;
        return isFirst;
    }

    /// <summary>Reads a string. It has no escapes, so the next quotation mark ends it.</summary>
    private bool TryReadString(out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!TryTake((byte)'"'))
        {
            return false;
        }

        var rest = _json[_at..];
        var length = rest.IndexOf((byte)'"');
        if (length < 0)
        {
            return false;
        }

        text = rest[..length];
        _at += length + 1;
        return true;
    }

    /// <inheritdoc />
    public bool TryReadText(scoped in ExpectedText expected, out string? text)
    {
        text = null;
        if (!TryReadString(out var utf8))
        {
            return false;
        }

        text = expected.Is(utf8) ? expected.Text : Encoding.ASCII.GetString(utf8);
        return true;
    }

    /// <inheritdoc />
    public bool TryReadIdentifier(out ClaimText identifier)
    {
        identifier = default;
        if (!TryReadString(out var text) || text.Length > ClaimsWriter.MaxIdentifierLength)
        {
            return false;
        }

        identifier = new ClaimText(_at - 1 - text.Length, text.Length);
        return true;
    }

    /// <inheritdoc />
    public bool TryReadSessionId(out Guid? sessionId)
    {
        sessionId = null;
        if (!TryReadString(out var text) || text.Length != SessionIdLength || !Utf8Parser.TryParse(text, out Guid value, out var consumed, 'D')
            || consumed != SessionIdLength)
        {
            return false;
        }

        sessionId = value;
        return true;
    }

    /// <inheritdoc />
    public bool TryReadType(out TypeClaim type)
    {
        var isText = TryReadString(out var text);
        type = TypeClaims.Read(text);
        return isText;
    }

    /// <inheritdoc />
    public bool TryReadAudience(scoped in ExpectedText ours, out AudienceClaim audience)
    {
        audience = AudienceClaim.Foreign;
        var isList = TryTake((byte)'[');
        do
        {
            if (!TryReadString(out var text))
            {
                return false;
            }

            audience = ours.Is(text) ? AudienceClaim.Ours : audience;
        }
        while (isList && TryTake((byte)','));
        return !isList || TryTake((byte)']');
    }

    /// <inheritdoc />
    public bool TryReadTexts(scoped ref ClaimsSet claims)
    {
        if (!TryTake((byte)'['))
        {
            return false;
        }

        do
        {
            if (!TryReadString(out var text))
            {
                return false;
            }

            claims.ListedTexts++;
            claims.ListedBytes += text.Length;
        }
        while (TryTake((byte)','));
        return TryTake((byte)']');
    }

    /// <inheritdoc />
    /// <remarks>Only whole seconds are read, so nothing is rounded.</remarks>
    public bool TryReadInstant(out long? seconds, bool roundsUp = false) => TryReadNumber(out seconds) && seconds <= NumericDate.Max;

    /// <inheritdoc />
    public bool TryReadNumber(out long? number)
    {
        number = null;
        var start = _at;
        var value = 0L;
        if (_json.Length - _at >= EightDigits.Length && EightDigits.TryRead(_json[_at..], out var first))
        {
            value = first;
            _at += EightDigits.Length;
        }

        for (; (uint)_at < (uint)_json.Length && _json[_at] is >= (byte)'0' and <= (byte)'9'; _at++)
        {
            // More digits overflow here and are refused below.
            value = unchecked((value * 10) + (_json[_at] - '0'));
        }

        var digits = _at - start;
        number = value;
        return digits is > 0 and <= MaxDigits && (digits == 1 || _json[start] != (byte)'0');
    }

    /// <inheritdoc />
    public bool TrySkip() => _json[_at..] switch
    {
        [(byte)'"', ..] => TryReadString(out _),
        [(byte)'[', ..] => TryReadAudience(default, out _),
        [(byte)'t', ..] => TryTake("true"u8),
        [(byte)'f', ..] => TryTake("false"u8),
        [(byte)'n', ..] => TryTake("null"u8),
        [(byte)'-', ..] => TryTake((byte)'-') && TryReadNumber(out _),
        _ => TryReadNumber(out _),
    };

    /// <summary>The places and lengths of the names of unknown claims.</summary>
    [InlineArray(MaxOthers)]
    private struct OtherNames
    {
        private (int Start, int Length) _first;
    }
}
