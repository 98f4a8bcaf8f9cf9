using System.Buffers.Text;
using System.Runtime.CompilerServices;
using System.Text;

namespace Countersign.Tokens.Jose;

/// <summary>
/// Reads a claims set in the form in which issuers write nearly all of them: printable ASCII without escapes, no white space between the parts, and as values only
/// strings, whole numbers, truth values, null, and arrays of strings. One pass, no memory. It never refuses: whatever it does not know it leaves to
/// <see cref="ClaimsReader"/>, which reads all of JSON and knows every error. What it takes, that one takes too, with the same outcome.
/// </summary>
internal ref struct PlainClaimsReader
{
    /// <summary>Most claims besides the known ones. Each is compared with those before it.</summary>
    private const int MaxOthers = 8;

    /// <summary>Most digits of a number that is read: these always fit 64 bits.</summary>
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

    /// <summary>Reads a claims set.</summary>
    /// <returns>False when it is in another form: nothing is said about it then.</returns>
    public static bool TryRead(ReadOnlySpan<byte> utf8, TokenPolicy policy, out ClaimsSet claims)
    {
        claims = default;
        return !utf8.ContainsAnyExceptInRange((byte)' ', (byte)'~') && !utf8.Contains((byte)'\\') && new PlainClaimsReader(utf8).TryReadObject(policy, ref claims);
    }

    private bool TryReadObject(TokenPolicy policy, ref ClaimsSet claims)
    {
        if (policy.UsualClaims is { } usual && TryTake(usual.BeforeSubject))
        {
            if (!TryReadUsual(usual, policy, ref claims))
            {
                return false;
            }
        }
        else if (!TryTake((byte)'{') || !TryReadMember(policy, ref claims))
        {
            return false;
        }

        while (TryTake((byte)','))
        {
            if (!TryReadMember(policy, ref claims))
            {
                return false;
            }
        }

        return TryTake((byte)'}') && _at == _json.Length;
    }

    /// <summary>
    /// From <c>sub</c> on, the claims in the order in which this package writes them, for as long as they come in it: names are compared where they are due and not
    /// looked up. Wherever the order ends, the others are read as any members are.
    /// </summary>
    /// <returns>False when a value is none that this reader takes.</returns>
    private bool TryReadUsual(UsualClaims usual, TokenPolicy policy, ref ClaimsSet claims)
    {
        claims.Issuer = policy.Issuer;
        See(KnownClaim.Subject);
        See(policy.Issuer is null ? KnownClaim.None : KnownClaim.Issuer);
        if (!TryReadIdentifier(out claims.Subject))
        {
            return false;
        }

        if (!TryTake(usual.BeforeExpiry))
        {
            return true;
        }

        // Without an audience, or under a shared secret without a client, the order has none, and one may come later.
        claims.Audience = policy.Audience is null ? AudienceClaim.Missing : AudienceClaim.Ours;
        See(policy.Audience is null ? KnownClaim.None : KnownClaim.Audience);
        claims.ClientId = policy.IsSharedSecret ? null : policy.ClientId;
        See(policy.IsSharedSecret ? KnownClaim.None : KnownClaim.ClientId);
        See(KnownClaim.ExpiresAt);
        return TryReadInstant(out claims.ExpiresAt)
            && (!TryTake(",\"iat\":"u8, KnownClaim.IssuedAt) || (TryReadInstant(out claims.IssuedAt) && TryReadUsualEnd(ref claims)));
    }

    private bool TryReadUsualEnd(ref ClaimsSet claims) =>
        (!TryTake(",\"jti\":"u8, KnownClaim.TokenId) || TryReadIdentifier(out claims.TokenId))
        && (!TryTake(",\"sid\":"u8, KnownClaim.SessionId) || TryReadSessionId(out claims.SessionId))
        && (!TryTake(",\"type\":"u8, KnownClaim.Type) || TryReadType(out claims.Type))
        && (!TryTake(",\"auth_time\":"u8, KnownClaim.AuthenticatedAt) || TryReadInstant(out claims.AuthenticatedAt))
        && (!TryTake(",\"amr\":"u8, KnownClaim.Methods) || TryReadList(ref claims))
        && (!TryTake(",\"roles\":"u8, KnownClaim.Roles) || TryReadList(ref claims));

    private bool TryReadMember(TokenPolicy policy, ref ClaimsSet claims)
    {
        if (!TryReadName(out var claim, out var name))
        {
            return false;
        }

        if (claim == KnownClaim.None)
        {
            return TryRemember(name) && TrySkipValue();
        }

        // The same name twice is an error, and errors are the other reader's.
        return See(claim) && claim switch
        {
            KnownClaim.Issuer => TryReadText(policy.Issuer, policy.IssuerUtf8, out claims.Issuer),
            KnownClaim.ClientId => TryReadText(policy.ClientId, policy.ClientIdUtf8, out claims.ClientId),
            KnownClaim.Audience => TryReadAudience(policy.AudienceUtf8, out claims.Audience),
            KnownClaim.Subject => TryReadIdentifier(out claims.Subject),
            KnownClaim.TokenId => TryReadIdentifier(out claims.TokenId),
            KnownClaim.ExpiresAt => TryReadInstant(out claims.ExpiresAt),
            KnownClaim.IssuedAt => TryReadInstant(out claims.IssuedAt),
            KnownClaim.NotBefore => TryReadInstant(out claims.NotBefore),
            KnownClaim.AuthenticatedAt => TryReadInstant(out claims.AuthenticatedAt),
            KnownClaim.Epoch => TryReadNumber(out claims.Epoch),
            KnownClaim.SessionId => TryReadSessionId(out claims.SessionId),
            KnownClaim.Type => TryReadType(out claims.Type),
            KnownClaim.Methods or KnownClaim.Roles => TryReadList(ref claims),
            _ => false,
        };
    }

    /// <summary>The name of a member with the colon behind it. The common names have three letters, which are read at once with their quotation mark.</summary>
    private bool TryReadName(out KnownClaim claim, out ReadOnlySpan<byte> name)
    {
        claim = KnownClaim.None;
        name = default;
        var rest = _json[_at..];
        if (rest.Length > ShortNameLength + 3 && rest[0] == (byte)'"' && rest[ShortNameLength + 1] == (byte)'"' && rest[ShortNameLength + 2] == (byte)':')
        {
            name = rest.Slice(1, ShortNameLength);
            // An empty name, or one with a quotation mark in it, is something else than a name of three letters.
            if (name.IndexOf((byte)'"') < 0)
            {
                claim = KnownClaims.FindShort(name);
                _at += ShortNameLength + 3;
                return true;
            }
        }

        if (!TryReadString(out name) || !TryTake((byte)':'))
        {
            return false;
        }

        claim = KnownClaims.FindLong(name);
        return true;
    }

    /// <returns>False when the name was there before, or there are too many to remember.</returns>
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

        // Behind the name stand its quotation mark and the colon.
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

    /// <summary>The name of a claim where it is due: nothing was read before that could have been the same claim.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool TryTake(ReadOnlySpan<byte> name, KnownClaim claim)
    {
        if (!TryTake(name))
        {
            return false;
        }

        See(claim);
        return true;
    }

    /// <returns>Whether the claim was not seen before.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool See(KnownClaim claim)
    {
        var bit = 1U << (int)claim;
        var isFirst = (_seen & bit) == 0;
        _seen |= bit;
        return isFirst;
    }

    /// <summary>A string. Without escapes the next quotation mark ends it.</summary>
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

    private bool TryReadText(string? expected, ReadOnlySpan<byte> expectedUtf8, out string? text)
    {
        text = null;
        if (!TryReadString(out var utf8))
        {
            return false;
        }

        text = expected is not null && utf8.SequenceEqual(expectedUtf8) ? expected : Encoding.ASCII.GetString(utf8);
        return true;
    }

    private bool TryReadIdentifier(out ClaimText identifier)
    {
        identifier = default;
        if (!TryReadString(out var text) || text.Length > ClaimsWriter.MaxIdentifierLength)
        {
            return false;
        }

        identifier = new ClaimText(_at - 1 - text.Length, text.Length);
        return true;
    }

    private bool TryReadSessionId(out Guid? sessionId)
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

    private bool TryReadType(out TypeClaim type)
    {
        var isText = TryReadString(out var text);
        type = text.SequenceEqual("access"u8) ? TypeClaim.Access : text.SequenceEqual("refresh"u8) ? TypeClaim.Refresh : TypeClaim.Other;
        return isText;
    }

    private bool TryReadAudience(ReadOnlySpan<byte> ours, out AudienceClaim audience)
    {
        audience = AudienceClaim.Foreign;
        var isList = TryTake((byte)'[');
        do
        {
            if (!TryReadString(out var text))
            {
                return false;
            }

            // A policy without audience has an empty one here, and that names nobody.
            audience = !ours.IsEmpty && text.SequenceEqual(ours) ? AudienceClaim.Ours : audience;
        }
        while (isList && TryTake((byte)','));
        return !isList || TryTake((byte)']');
    }

    private bool TryReadList(ref ClaimsSet claims)
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

    private bool TryReadInstant(out long? seconds) => TryReadNumber(out seconds) && seconds <= NumericDate.Max;

    private bool TryReadNumber(out long? number)
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
            // Too many digits overflow here, and are refused below.
            value = unchecked((value * 10) + (_json[_at] - '0'));
        }

        var digits = _at - start;
        number = value;
        return digits is > 0 and <= MaxDigits && (digits == 1 || _json[start] != (byte)'0');
    }

    private bool TrySkipValue() => _json[_at..] switch
    {
        [(byte)'"', ..] => TryReadString(out _),
        [(byte)'[', ..] => TryReadAudience(default, out _),
        [(byte)'t', ..] => TryTake("true"u8),
        [(byte)'f', ..] => TryTake("false"u8),
        [(byte)'n', ..] => TryTake("null"u8),
        [(byte)'-', ..] => TryTake((byte)'-') && TryReadNumber(out _),
        _ => TryReadNumber(out _),
    };

    /// <summary>Where the names of claims that are not known stand, and how long they are.</summary>
    [InlineArray(MaxOthers)]
    private struct OtherNames
    {
        private (int Start, int Length) _first;
    }
}
