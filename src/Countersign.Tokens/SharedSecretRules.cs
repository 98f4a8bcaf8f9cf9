using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens;

/// <summary>What a shared secret must be (RFC 8725 §3.5): long enough for HS256, and nobody's sample text.</summary>
internal static class SharedSecretRules
{
    /// <summary>Fewest different characters. 32 random hexadecimal digits show fewer than 8 less than once in a million secrets.</summary>
    private const int MinimumDifferentCharacters = 8;

    // Letters and digits of texts that stand in tutorials and templates; a secret that has one of them inside was copied, not made.
    private static readonly string[] SampleParts =
    [
        "changeme", "changethis", "changeit", "changeinproduction", "replaceme", "replacethis", "yoursecret", "yoursupersecret", "yourjwtsecret", "supersecret",
        "mysecretkey", "topsecret", "secretkeyhere", "examplesecret", "samplesecret", "testsecret", "defaultsecret", "notsosecret", "your256bitsecret",
        "yourkey", "insecure", "password", "placeholder", "stringsecretatleast256bits",
        // The secret of a well-known framework's tutorial on tokens, made with "openssl rand -hex 32" once and copied ever since.
        "09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7",
    ];

    public static bool TryCheck([NotNullWhen(true)] string? secret, [NotNullWhen(false)] out string? fault)
    {
        const string Mend = "Make one with \"openssl rand -hex 32\".";
        var least = SignatureAlgorithm.HS256.MinimumSecretBytes;
        fault = secret switch
        {
            null or "" => $"The secret is empty. {Mend}",
            _ when !WellFormedText.Is(secret) => $"The secret is not well-formed text. {Mend}",
            _ when Encoding.UTF8.GetByteCount(secret) < least => $"The secret is shorter than {least} bytes (RFC 7518 section 3.2). {Mend}",
            _ when secret.Distinct().Count() < MinimumDifferentCharacters => $"The secret repeats fewer than {MinimumDifferentCharacters} characters. {Mend}",
            _ when IsSample(secret) => $"The secret is a sample text that many have seen. {Mend}",
            _ => null,
        };
        return fault is null;
    }

    private static bool IsSample(string secret)
    {
        var plain = string.Concat(secret.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant();
        return Array.Exists(SampleParts, part => plain.Contains(part, StringComparison.Ordinal));
    }
}
