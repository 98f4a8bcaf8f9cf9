using System.Globalization;

namespace Countersign.Passwords.Argon2;

/// <summary>The parameters of a well-formed stored hash. Each hash has only one spelling. The limits are checked elsewhere.</summary>
internal sealed class Argon2idParameters
{
    private const string Prefix = "$argon2id$v=19$";

    /// <summary>RFC 9106 §3.1: at least 8 KiB for each lane.</summary>
    private const int KibibytesOfLane = 8;

    /// <summary>The shortest salt is that of the reference implementation. The longest is far above usual salts (16 bytes are recommended).</summary>
    private const int ShortestSalt = 8, LongestSalt = 64;

    /// <summary>RFC 9106 allows 4 bytes, but these can be guessed by chance. It recommends at least 16.</summary>
    private const int ShortestTag = 16, LongestTag = 64;

    /// <summary>All common implementations write whole words. A hash with one character too many is damaged.</summary>
    private const int TagUnit = 4;

    private Argon2idParameters(int memoryKibibytes, int iterations, int parallelism, byte[] salt, byte[] tag)
    {
        MemoryKibibytes = memoryKibibytes;
        Iterations = iterations;
        Parallelism = parallelism;
        Salt = salt;
        Tag = tag;
    }

    public int MemoryKibibytes { get; }

    public int Iterations { get; }

    public int Parallelism { get; }

    /// <summary>Memory times passes.</summary>
    public long WorkKibibytes => (long)MemoryKibibytes * Iterations;

    public byte[] Salt { get; }

    public byte[] Tag { get; }

    /// <summary>Reads a stored hash. Null if the text is anything else.</summary>
    public static Argon2idParameters? TryParse(string text)
    {
        if (!text.StartsWith(Prefix, StringComparison.Ordinal)
            || text[Prefix.Length..].Split('$') is not [var numbers, var saltText, var tagText]
            || numbers.Split(',') is not [var memoryText, var iterationsText, var parallelismText]
            || !TryParseNumber(memoryText, "m=", out int memory)
            || !TryParseNumber(iterationsText, "t=", out int iterations)
            || !TryParseNumber(parallelismText, "p=", out int parallelism)
            || memory / KibibytesOfLane < parallelism)
        {
            return null;
        }

        return TryDecode(saltText) is { Length: >= ShortestSalt and <= LongestSalt } salt
            && TryDecode(tagText) is { Length: >= ShortestTag and <= LongestTag } tag
            && tag.Length % TagUnit == 0
            ? new Argon2idParameters(memory, iterations, parallelism, salt, tag)
            : null;
    }

    /// <summary>Reads a number from 1 to 999,999,999: ASCII digits, no sign, no leading zero.</summary>
    private static bool TryParseNumber(string text, string name, out int value)
    {
        value = 0;
        var digits = text.AsSpan();
        return digits.StartsWith(name, StringComparison.Ordinal)
            && digits[name.Length..] is { Length: >= 1 and <= 9 } number
            && number[0] != '0'
            && !number.ContainsAnyExceptInRange('0', '9')
            && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }

    /// <summary>
    /// Decodes base64 without padding (RFC 4648 §3.2, §4). It refuses text that differs from the encoding of its bytes: stray bits, white space, padding.
    /// </summary>
    private static byte[]? TryDecode(string text)
    {
        var bytes = new byte[text.Length];
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out int written) && Convert.ToBase64String(bytes, 0, written) == padded && !text.EndsWith('=')
            ? bytes[..written]
            : null;
    }
}
