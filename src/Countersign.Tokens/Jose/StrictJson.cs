using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Unicode;

namespace Countersign.Tokens.Jose;

/// <summary>
/// Checks JSON more strictly than the base library reads it. It accepts one object in UTF-8, with a limit on depth and on the number of names. It refuses a
/// member name that occurs twice in one object (also if escaped), lone surrogates, comments and trailing commas. Text that passes can be read without any
/// exception.
/// </summary>
internal static class StrictJson
{
    /// <summary>Deepest nesting. Claims of RFC 7519 need 2.</summary>
    public const int MaxDepth = 16;

    /// <summary>Most names of all objects that are open at once. It limits the number of comparisons. A sensible token of 8 KiB has fewer names.</summary>
    public const int MaxMembers = 512;

    /// <summary>Longest name that contains an escape, in bytes as written.</summary>
    public const int MaxEscapedNameBytes = 512;

    public static JsonReaderOptions ReaderOptions { get; } = new() { MaxDepth = MaxDepth };

    public static JsonFault Check(ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            return JsonFault.Malformed;
        }

        try
        {
            return Walk(utf8);
        }
        catch (JsonException)
        {
            return JsonFault.Malformed;
        }
    }

    /// <summary>Whether all escaped surrogates in the current name or string are pairs. Plain UTF-8 cannot contain surrogates.</summary>
    public static bool HasWellFormedText(in Utf8JsonReader reader) => !reader.ValueIsEscaped || HasPairedSurrogates(reader.ValueSpan);

    [SkipLocalsInit]
    private static JsonFault Walk(ReadOnlySpan<byte> utf8)
    {
        Span<Name> names = stackalloc Name[MaxMembers];
        Span<int> firstNameAt = stackalloc int[MaxDepth + 1];
        var count = 0;
        var reader = new Utf8JsonReader(utf8, ReaderOptions);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return JsonFault.Malformed;
        }

        do
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartObject:
                    firstNameAt[reader.CurrentDepth] = count;
                    break;
                case JsonTokenType.EndObject:
                    count = firstNameAt[reader.CurrentDepth];
                    break;
                case JsonTokenType.String when !HasWellFormedText(reader):
                    return JsonFault.Malformed;
                case JsonTokenType.PropertyName:
                    var name = new Name((int)reader.TokenStartIndex, reader.ValueSpan.Length, reader.ValueIsEscaped);
                    if (count == MaxMembers || !HasWellFormedText(reader) || (name.IsEscaped && name.Length > MaxEscapedNameBytes))
                    {
                        return JsonFault.Malformed;
                    }

                    if (Contains(utf8, names[firstNameAt[reader.CurrentDepth - 1]..count], name))
                    {
                        return JsonFault.DuplicateMember;
                    }

                    names[count++] = name;
                    break;
            }
        }
        while (reader.Read());
        return JsonFault.None;
    }

    private static bool Contains(ReadOnlySpan<byte> utf8, ReadOnlySpan<Name> names, Name name)
    {
        foreach (var other in names)
        {
            if (AreSame(utf8, other, name))
            {
                return true;
            }
        }

        return false;
    }

    private static bool AreSame(ReadOnlySpan<byte> utf8, Name left, Name right)
    {
        if (!left.IsEscaped && !right.IsEscaped)
        {
            return left.Text(utf8).SequenceEqual(right.Text(utf8));
        }

        var (escaped, other) = left.IsEscaped ? (left, right) : (right, left);
        var reader = new Utf8JsonReader(other.Quoted(utf8));
        reader.Read();
        Span<byte> unescaped = stackalloc byte[MaxEscapedNameBytes];
        var escapedReader = new Utf8JsonReader(escaped.Quoted(utf8));
        escapedReader.Read();
        var written = escapedReader.CopyString(unescaped);
        return reader.ValueTextEquals(unescaped[..written]);
    }

    private static bool HasPairedSurrogates(ReadOnlySpan<byte> escaped)
    {
        var high = false;
        for (var i = 0; i < escaped.Length;)
        {
            var isEscape = escaped[i] == (byte)'\\';
            var isUnicode = isEscape && escaped[i + 1] == (byte)'u';
            var unit = isUnicode ? Unit(escaped.Slice(i + 2, 4)) : 0;
            var low = unit is >= 0xDC00 and <= 0xDFFF;
            if (low != high)
            {
                return false;
            }

            high = unit is >= 0xD800 and <= 0xDBFF;
            i += isUnicode ? 6 : isEscape ? 2 : 1;
        }

        return !high;
    }

    private static int Unit(ReadOnlySpan<byte> hexadecimal)
    {
        var unit = 0;
        foreach (var digit in hexadecimal)
        {
            unit = (unit << 4) | (digit <= (byte)'9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }

    /// <summary>The place of a name in the text: its opening quotation mark, and its length as written.</summary>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Name(int Quote, int Length, bool IsEscaped)
    {
        public ReadOnlySpan<byte> Text(ReadOnlySpan<byte> utf8) => utf8.Slice(Quote + 1, Length);

        public ReadOnlySpan<byte> Quoted(ReadOnlySpan<byte> utf8) => utf8.Slice(Quote, Length + 2);
    }
}
