using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>How long sessions and their tokens live.</summary>
public sealed class CountersignSessionOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Sessions";

    /// <summary>
    /// The longest lifetime of a session's access token: 1 to 60 minutes, 30 minutes by default. Each token gets a random 90–100 % of it, so that nobody can
    /// predict when another client refreshes. With a shared secret the lifetime is exact.
    /// </summary>
    public TimeSpan AccessTokenLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long a session lives without a refresh: 5 minutes to 365 days, 7 days by default.</summary>
    public TimeSpan IdleLifetime { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a session lives at most, even if it is refreshed: 5 minutes to 3650 days, 90 days by default.</summary>
    public TimeSpan AbsoluteLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// How many live sessions an account may have: 1 to 1000, 50 by default. A login beyond that ends the session that was least recently refreshed.
    /// </summary>
    // Enforced by StartCommand, in the transaction that starts the session.
    public int MaxPerUser { get; set; } = 50;

    /// <summary>
    /// How a node answers access tokens if it last read the revocation feed more than 10 seconds ago: <see cref="StaleFeedBehavior.Accept"/> by default. The
    /// node is not ready in either case.
    /// </summary>
    public StaleFeedBehavior WhenStale { get; set; } = StaleFeedBehavior.Accept;

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(AccessTokenLifetime), AccessTokenLifetime, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(60));
        check.Range(nameof(IdleLifetime), IdleLifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(365));
        check.Range(nameof(AbsoluteLifetime), AbsoluteLifetime, TimeSpan.FromMinutes(5), TimeSpan.FromDays(3650));
        check.Range(nameof(MaxPerUser), MaxPerUser, 1, 1000);
        check.Choice(nameof(WhenStale), WhenStale);

        // Otherwise a session would end before its first refresh, or live longer than the limit.
        check.NotLonger(nameof(IdleLifetime), IdleLifetime, nameof(AbsoluteLifetime), AbsoluteLifetime);
        check.NotLonger(nameof(AccessTokenLifetime), AccessTokenLifetime, nameof(IdleLifetime), IdleLifetime);
        return check.Faults;
    }
}
