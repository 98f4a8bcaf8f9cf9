using System.Globalization;

namespace Countersign.Passwords.Argon2;

/// <summary>What a stored hash says, in its only spelling. That it is well-formed; whether it may be computed is another question.</summary>
internal sealed class Argon2idParameters
{
    private const string Prefix = "$argon2id$v=19$";

    /// <summary>RFC 9106 §3.1: at least 8 KiB for each lane.</summary>
    private const int KibibytesOfLane = 8;

    /// <summary>Shortest salt of the reference implementation; the longest is far above what anybody writes (16 bytes are advised).</summary>
    private const int ShortestSalt = 8, LongestSalt = 64;

    /// <summary>RFC 9106 allows 4 bytes, which are guessed by chance; 16 are what it advises at least.</summary>
    private const int ShortestTag = 16, LongestTag = 64;

    /// <summary>Hashes are whole words wherever they are written; one with a character too many is damaged.</summary>
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

    /// <summary>Null when it is anything else.</summary>
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

        return TryDecode(saltText) is { Length: >= ShortestSalt and <= LongestSalt } salt && TryDecode(tagText) is { Length: >= ShortestTag and <= LongestTag } tag && tag.Length % TagUnit == 0
            ? new Argon2idParameters(memory, iterations, parallelism, salt, tag)
            : null;
    }

    /// <summary>From 1 to 999,999,999: ASCII digits, no sign, no leading zero.</summary>
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

    /// <summary>Base64 without padding (RFC 4648 §3.2, §4). What encodes to other text than was read is refused: stray bits, white space, padding.</summary>
    private static byte[]? TryDecode(string text)
    {
        var bytes = new byte[text.Length];
        string padded = text.PadRight((text.Length + 3) / 4 * 4, '=');
        return Convert.TryFromBase64String(padded, bytes, out int written) && Convert.ToBase64String(bytes, 0, written) == padded && !text.EndsWith('=')
            ? bytes[..written]
            : null;
    }
}
