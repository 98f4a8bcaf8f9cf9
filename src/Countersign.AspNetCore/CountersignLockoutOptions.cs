using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>After how many wrong passwords logins to an account are blocked, and for how long: for one network, and for all strangers together.</summary>
/// <remarks>Identity's lockout is separate. In an app both hold.</remarks>
// Enforced by RelationalSignInAttemptStore.ReserveAsync, in one statement that counts the attempt and sets the block.
public sealed class CountersignLockoutOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Lockout";

    /// <summary>
    /// How many wrong passwords in a row from one network block that network for this account: 1 to 100, 10 by default. All spellings of the account's name
    /// count together. ASVS 6.3.1 and NIST SP 800-63B-4 §3.2.2 allow 100. A session ends if it sends as many wrong passwords when it changes the password or
    /// deletes the account.
    /// </summary>
    public int MaxFailedAttempts { get; set; } = 10;

    /// <summary>How long the first block lasts: 1 second to 1 hour, 1 minute by default. Each further wrong password doubles it.</summary>
    public TimeSpan InitialDuration { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest block: from <see cref="InitialDuration"/> to 1 day, 15 minutes by default.</summary>
    public TimeSpan MaxDuration { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How many wrong passwords all strangers together may try at one account in a burst: 1 to 100, 100 by default (NIST SP 800-63B-4 §3.2.2). A stranger is a
    /// login from a network that no session of the account shows, without a refresh token of the account. After that, one comparison is made in each
    /// <see cref="StrangerInterval"/>, for the first stranger who asks.
    /// </summary>
    public int StrangerAttempts { get; set; } = 100;

    /// <summary>How long it takes until strangers get back one of <see cref="StrangerAttempts"/>: 1 second to 1 hour, 1 minute by default.</summary>
    public TimeSpan StrangerInterval { get; set; } = TimeSpan.FromMinutes(1);

    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(MaxFailedAttempts), MaxFailedAttempts, 1, 100);
        check.Range(nameof(InitialDuration), InitialDuration, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        check.Range(nameof(MaxDuration), MaxDuration, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1));
        check.Range(nameof(StrangerAttempts), StrangerAttempts, 1, 100);
        check.Range(nameof(StrangerInterval), StrangerInterval, TimeSpan.FromSeconds(1), TimeSpan.FromHours(1));
        check.NotLonger(nameof(InitialDuration), InitialDuration, nameof(MaxDuration), MaxDuration);
        return check.Faults;
    }
}
