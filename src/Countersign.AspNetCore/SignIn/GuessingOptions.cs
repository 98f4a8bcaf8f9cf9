using System.ComponentModel.DataAnnotations;

namespace Countersign.AspNetCore.SignIn;

/// <summary>How many guesses at a password are allowed, and what follows.</summary>
public sealed class GuessingOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Guessing";

    /// <summary>
    /// Wrong passwords in a row, whatever spelling of the account they came under, until it is blocked: 1 to 100, 10 by default. ASVS 6.3.1 and
    /// NIST SP 800-63B-4 §3.2.2 allow 100.
    /// </summary>
    [Range(1, 100)]
    public int FreeAttempts { get; set; } = 10;

    /// <summary>How long the first block lasts; each further wrong password doubles it. 1 second to 1 hour, 1 minute by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan FirstBlock { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>No block lasts longer, so that a stranger can't lock an account for long. From <see cref="FirstBlock"/> to 1 day, 15 minutes by default.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan LongestBlock { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Password checks a minute that one network may ask for, right or wrong, counted by each node for itself: an IPv4 address, or a /64 of IPv6.
    /// 1 to 100,000, 100 by default.
    /// </summary>
    [Range(1, 100_000)]
    public int PerNetworkPerMinute { get; set; } = 100;
}
