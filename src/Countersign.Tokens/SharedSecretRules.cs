using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>The rules for a shared secret (RFC 8725 §3.5): it must be long enough for HS256, and random.</summary>
/// <remarks>
/// Random secrets pass. Secrets of <c>openssl rand -hex 16</c> come closest to a refusal: 32 hexadecimal digits are refused about once in 12 million times
/// (fewer than 8 different digits 3.7·10⁻⁸, a run of eight digits 4.7·10⁻⁸, a repeated part 2·10⁻⁹). Secrets of <c>-hex 32</c> are refused once in 9 million
/// times, and base64 less than once in 10⁹ times.
/// </remarks>
internal static class SharedSecretRules
{
    private const string Mend = "Make one with \"openssl rand -hex 32\".";
    private const int MinimumDifferentCharacters = 8;
    private const int ShortestRun = 8;

    /// <summary>Sequences that people type: the alphabet, the digits, and the rows of common keyboards.</summary>
    private static readonly string[] Rows =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm,./", "yxcvbnm,.-",
        "!@#$%^&*()_+",
    ];

    // Letters and digits of texts in tutorials and templates. A secret that contains one of them was copied, not generated.
    private static readonly string[] SampleParts =
    [
        "changeme", "changethis", "changeit", "changeinproduction", "replaceme", "replacethis", "yoursecret", "yoursupersecret", "yourjwtsecret", "supersecret",
        "mysecretkey", "topsecret", "secretkeyhere", "examplesecret", "samplesecret", "testsecret", "defaultsecret", "notsosecret", "your256bitsecret",
        "yourkey", "insecure", "password", "placeholder", "stringsecretatleast256bits",
    ];

    /// <summary>Whether a text passes every rule.</summary>
    public static bool TryCheck([NotNullWhen(true)] string? secret, [NotNullWhen(false)] out string? fault)
    {
        fault = FindFault(secret) ?? FindWeakness(secret!);
        return fault is null;
    }

    /// <summary>Says why a text can't be an HS256 key; null if it can.</summary>
    public static string? FindFault(string? secret)
    {
        var least = SignatureAlgorithm.HS256.MinimumSecretBytes;
        return secret switch
        {
            null or "" => $"The secret is empty. {Mend}",
            _ when !WellFormedText.Is(secret) => $"The secret is not well-formed text. {Mend}",
            _ when Encoding.UTF8.GetByteCount(secret) < least => $"The secret is shorter than {least} bytes (RFC 7518 section 3.2). {Mend}",
            _ => null,
        };
    }

    /// <summary>Says why a text of sufficient length can be guessed; null if no rule applies.</summary>
    public static string? FindWeakness(string secret)
    {
        var plain = PublishedSecrets.PlainOf(secret);
        return secret switch
        {
            _ when secret.Distinct().Count() < MinimumDifferentCharacters =>
                $"The secret has fewer than {MinimumDifferentCharacters} different characters. {Mend}",
            _ when secret.Any(char.IsWhiteSpace) => $"The secret has a space in it. Sentences have spaces, random texts don't. {Mend}",
            _ when IsMostlyOnePart(secret) => $"More than half of the secret is one shorter text, repeated. {Mend}",
            _ when HasRun(secret) => $"The secret has {ShortestRun} characters in the order of the alphabet, the digits or a keyboard. {Mend}",
            _ when Array.Exists(SampleParts, part => plain.Contains(part, StringComparison.Ordinal)) =>
                $"The secret is a sample text that many people know. {Mend}",
            _ when PublishedSecrets.Has(plain) => $"The secret is in a published text that everybody can read. {Mend}",
            _ => null,
        };
    }

    /// <summary>Whether copies of one part cover more than half of a text. The copies may touch, overlap or be apart.</summary>
    private static bool IsMostlyOnePart(string text)
    {
        // The copies cover nothing before the first copy.
        for (var start = 0; 2 * start < text.Length; start++)
        {
            var common = CommonLengths(text.AsSpan(start));
            common[0] = 0;
            for (var length = common.Max(); length > 0; length = LongestBelow(common, length))
            {
                if (2 * CoveredByCopies(common, length) > text.Length)
                {
                    return true;
                }
            }
        }

        return false;
    }

    /// <summary>
    /// For each place of a text: how many characters from there equal the beginning of the text (the Z function; Gusfield 1997, section 1.4).
    /// </summary>
    private static int[] CommonLengths(ReadOnlySpan<char> text)
    {
        var lengths = new int[text.Length];
        var (left, right) = (0, 0);
        for (var place = 1; place < text.Length; place++)
        {
            var length = place < right ? Math.Min(right - place, lengths[place - left]) : 0;
            while (place + length < text.Length && text[length] == text[place + length])
            {
                length++;
            }

            lengths[place] = length;
            if (place + length > right)
            {
                (left, right) = (place, place + length);
            }
        }

        return lengths;
    }

    /// <summary>The lengths of parts to try. A shorter part has more copies. Between two of these lengths the copies are the same, and cover less.</summary>
    private static int LongestBelow(int[] common, int length)
    {
        var longest = 0;
        foreach (var one in common)
        {
            longest = one < length ? Math.Max(longest, one) : longest;
        }

        return longest;
    }

    /// <summary>How many characters are covered by the part of this length at the beginning and by its copies.</summary>
    private static int CoveredByCopies(int[] common, int length)
    {
        var covered = length;
        var end = length;
        for (var place = 1; place < common.Length; place++)
        {
            if (common[place] >= length)
            {
                covered += Math.Min(length, place + length - end);
                end = place + length;
            }
        }

        return covered;
    }

    private static bool HasRun(string secret)
    {
        var text = secret.ToLowerInvariant();
        var backwards = string.Create(text.Length, text, static (span, from) =>
        {
            from.CopyTo(span);
            span.Reverse();
        });
        return Array.Exists(Rows, row => HasPartOf(row, text) || HasPartOf(row, backwards));
    }

    private static bool HasPartOf(string row, string text)
    {
        for (var start = 0; start + ShortestRun <= row.Length; start++)
        {
            if (text.AsSpan().Contains(row.AsSpan(start, ShortestRun), StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
