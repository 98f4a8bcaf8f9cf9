using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>What a shared secret must be (RFC 8725 §3.5): long enough for HS256, and random.</summary>
/// <remarks>
/// Random secrets pass. The closest to a refusal are those of <c>openssl rand -hex 16</c>: 32 hexadecimal digits are refused about once in 12 million times
/// (fewer than 8 different digits 3.7·10⁻⁸, a run of eight digits 4.7·10⁻⁸), those of <c>-hex 32</c> once in 9 million times, and base64 less than once in 10⁹ times.
/// </remarks>
internal static class SharedSecretRules
{
    private const string Mend = "Make one with \"openssl rand -hex 32\".";
    private const int MinimumDifferentCharacters = 8;
    private const int ShortestRun = 8;

    /// <summary>What hands type in order: the alphabet, the digits, and the rows of the usual keyboards.</summary>
    private static readonly string[] Rows =
    [
        "abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "qwertzuiop", "azertyuiop", "asdfghjkl", "qsdfghjklm", "zxcvbnm,./", "yxcvbnm,.-", "!@#$%^&*()_+",
    ];

    // Letters and digits of texts that stand in tutorials and templates; a secret that has one of them inside was copied, not made.
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

    /// <summary>Says why a text can't be a key of HS256 at all; null if it can.</summary>
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

    /// <summary>Says why somebody could guess a text that is long enough; null if no rule says so.</summary>
    public static string? FindWeakness(string secret)
    {
        var plain = PublishedSecrets.PlainOf(secret);
        return secret switch
        {
            _ when secret.Distinct().Count() < MinimumDifferentCharacters => $"The secret has fewer than {MinimumDifferentCharacters} different characters. {Mend}",
            _ when secret.Any(char.IsWhiteSpace) => $"The secret has a space in it, as a sentence has and a random text has not. {Mend}",
            _ when 2 * PeriodOf(secret) <= secret.Length => $"The secret is a shorter text, repeated. {Mend}",
            _ when HasRun(secret) => $"The secret has {ShortestRun} characters in the order of the alphabet, the digits or a keyboard. {Mend}",
            _ when Array.Exists(SampleParts, part => plain.Contains(part, StringComparison.Ordinal)) => $"The secret is a sample text that many have seen. {Mend}",
            _ when PublishedSecrets.Has(plain) => $"The secret stands in a published text, where everybody can read it. {Mend}",
            _ => null,
        };
    }

    /// <summary>After how many characters a text repeats itself: its length if it never does (the failure function of Knuth, Morris and Pratt).</summary>
    private static int PeriodOf(string text)
    {
        var borders = new int[text.Length];
        for (var index = 1; index < text.Length; index++)
        {
            var border = borders[index - 1];
            while (border > 0 && text[index] != text[border])
            {
                border = borders[border - 1];
            }

            borders[index] = text[index] == text[border] ? border + 1 : border;
        }

        return text.Length - borders[^1];
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
