using System.Globalization;
using System.Text;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Checks that the letters of a text belong together, so that no letter replaces a similar one of another script (Cyrillic "а" for "a"): the level "Highly
/// Restrictive" of UTS #39 §5.2.
/// </summary>
internal static class Scripts
{
    private const ulong Latin = 1UL << 0;

    /// <summary>The bit for letters of scripts outside the table. A text may consist of them, but not mix them with others.</summary>
    private const ulong Other = 1UL << 63;

    /// <summary>
    /// The recommended scripts of UAX #31 table 5, with their code points (the property Script of Unicode 14: letters, marks and digits beyond ASCII). The
    /// first is Latin. A range may include code points that are not letters, marks or digits.
    /// </summary>
    private static readonly (string Name, string Ranges)[] Table =
    [
        ("Latin",
            "AA BA-2B8 2E0-2E4 1D00-1D25 1D2C-1D5C 1D62-1D65 1D6B-1D77 1D79-1DBE 1E00-1EFF 2071-209C 212A-212B 2132 214E-2184 2C60-2C7F "
            + "A722-A787 A78B-A7FF AB30-AB64 AB66-AB69"),
        ("Greek", "370-373 376-3E1 3F0-3FF 1D26-1D2A 1D5D-1D61 1D66-1D6A 1DBF 1F00-1FFC 2126 AB65"),
        ("Cyrillic", "400-484 487 48A-52F 1C80-1C88 1D2B 1D78 2DE0-2DFF A640-A66F A674-A69F FE2E-FE2F"),
        ("Armenian", "531-588"),
        ("Hebrew", "591-5F2"),
        ("Arabic", "610-63F 641-64A 656-66F 671-6FF 750-77F 870-8FF"),
        ("Thaana", "780-7B1"),
        ("Devanagari", "900-950 955-97F A8E0-A8FF"),
        ("Bengali", "980-9FE"),
        ("Gurmukhi", "A01-A75"),
        ("Gujarati", "A81-AFF"),
        ("Oriya", "B01-B71"),
        ("Tamil", "B82-BEF"),
        ("Telugu", "C00-C6F"),
        ("Kannada", "C80-CF2"),
        ("Malayalam", "D00-D7F"),
        ("Sinhala", "D81-DF3"),
        ("Thai", "E01-E59"),
        ("Lao", "E81-EDF"),
        ("Tibetan", "F00-FC6"),
        ("Myanmar", "1000-109D A9E0-A9FE AA60-AA7F"),
        ("Georgian", "10A0-10FF 1C90-1CBF 2D00-2D2D"),
        ("Hangul", "1100-11FF 302E-302F 3131-318E A960-A97C AC00-D7FB"),
        ("Ethiopic", "1200-138F 2D80-2DDE AB01-AB2E 1E7E0-1E7FE"),
        ("Khmer", "1780-17E9"),
        ("Hiragana", "3041-3096 309D-309F 1B001-1B11F 1B150-1B152"),
        ("Katakana", "30A1-30FA 30FD-30FF 31F0-31FF 1AFF0-1B000 1B120-1B122 1B164-1B167"),
        ("Bopomofo", "3105-312F 31A0-31BF"),
        ("Han", "3005 303B 3400-9FFF F900-FAD9 16FE3 16FF0-16FF1 20000-2EBE0 2F800-2FA1D 30000-3134A"),
    ];

    /// <summary>Letters and digits that every script uses (Script=Common). Marks without a script are recognised by their category.</summary>
    private const string Common = "B5 2B9-2C1 2C6-2D1 2EC 2EE 374 640 3006 3031-3035 303C 30FC A717-A71F A788 A9CF";

    private static readonly (int Start, int End, ulong Script)[] Ranges = Read();

    /// <summary>The scripts that may be mixed: Japanese, Chinese and Korean use several scripts, and each also uses Latin letters.</summary>
    private static readonly ulong[] Mixtures =
        [Latin | Bit("Han") | Bit("Hiragana") | Bit("Katakana"), Latin | Bit("Han") | Bit("Bopomofo"), Latin | Bit("Han") | Bit("Hangul")];

    /// <summary>Whether the letters are of one script, or of scripts that are written together.</summary>
    /// <param name="text">Well-formed text in NFC. Signs belong to every script.</param>
    public static bool AreOfOneWriting(string text)
    {
        var used = 0UL;
        foreach (var rune in text.EnumerateRunes())
        {
            used |= Of(rune);
        }

        return ulong.PopCount(used) <= 1 || Mixtures.Any(mixture => (used & ~mixture) == 0);
    }

    /// <summary>The script's bit; zero for characters of every script.</summary>
    private static ulong Of(Rune rune)
    {
        if (rune.IsAscii)
        {
            return Rune.IsLetter(rune) ? Latin : 0;
        }

        var low = 0;
        var high = Ranges.Length - 1;
        while (low <= high)
        {
            var middle = (low + high) / 2;
            var (start, end, script) = Ranges[middle];
            if (rune.Value >= start && rune.Value <= end)
            {
                return script;
            }

            (low, high) = rune.Value < start ? (low, middle - 1) : (middle + 1, high);
        }

        return Rune.IsLetter(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.DecimalDigitNumber ? Other : 0;
    }

    private static ulong Bit(string name) => 1UL << Array.FindIndex(Table, row => string.Equals(row.Name, name, StringComparison.Ordinal));

    private static (int Start, int End, ulong Script)[] Read() =>
    [
        .. Table.SelectMany(static row => Read(row.Ranges, Bit(row.Name))).Concat(Read(Common, 0)).OrderBy(static range => range.Start),
    ];

    private static IEnumerable<(int Start, int End, ulong Script)> Read(string ranges, ulong script)
    {
        foreach (var range in ranges.Split(' '))
        {
            var ends = range.Split('-');
            yield return (Point(ends[0]), Point(ends[^1]), script);
        }
    }

    private static int Point(string hexadecimal) => int.Parse(hexadecimal, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}
