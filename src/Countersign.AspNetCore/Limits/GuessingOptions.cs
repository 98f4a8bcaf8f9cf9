using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore.Limits;

/// <summary>How many guesses at a password are allowed, and what follows.</summary>
public sealed class GuessingOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Guessing";

    /// <summary>
    /// Wrong passwords in a row from one network, whatever spelling of the account they came under, until that network is blocked for this account:
    /// 1 to 100, 10 by default. ASVS 6.3.1 and NIST SP 800-63B-4 §3.2.2 allow 100. A session that sends as many when it changes its password or deletes the
    /// account is ended.
    /// </summary>
    public int FreeAttempts { get; set; } = 10;

    /// <summary>How long the first block lasts; each further wrong password doubles it. 1 second to 1 hour, 1 minute by default.</summary>
    public TimeSpan FirstBlock { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>No block lasts longer. From <see cref="FirstBlock"/> to 1 day, 15 minutes by default.</summary>
    public TimeSpan LongestBlock { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Wrong passwords that strangers, all networks together, may try at one account at once: 1 to 100, 100 by default (NIST SP 800-63B-4 §3.2.2). A stranger is
    /// a login from a network that no session of the account shows, without a refresh token of the account. Beyond it, one comparison is made in each
    /// <see cref="StrangerInterval"/>, for the first stranger who asks.
    /// </summary>
    public int StrangerAttempts { get; set; } = 100;

    /// <summary>How soon strangers get back one of <see cref="StrangerAttempts"/>: 1 second to 1 hour, 1 minute by default.</summary>
    public TimeSpan StrangerInterval { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Password checks a minute that one network may ask for, right or wrong, counted by each node for itself: an IPv4 address, or a /64 of IPv6.
    /// 1 to 100,000, 100 by default.
    /// </summary>
    public int PerNetworkPerMinute { get; set; } = 100;

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(FreeAttempts), FreeAttempts, 1, 100);
        check.Range(nameof(FirstBlock), FirstBlock, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        check.Range(nameof(LongestBlock), LongestBlock, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        check.Range(nameof(StrangerAttempts), StrangerAttempts, 1, 100);
        check.Range(nameof(StrangerInterval), StrangerInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        check.Range(nameof(PerNetworkPerMinute), PerNetworkPerMinute, 1, 100_000);
        check.NotLonger(nameof(FirstBlock), FirstBlock, nameof(LongestBlock), LongestBlock);
        return check.Faults;
    }
}
