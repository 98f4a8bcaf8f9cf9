using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>How long rows stay in the database after they are no longer needed.</summary>
public sealed class CountersignCleanupOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Cleanup";

    /// <summary>
    /// How long a session's row stays after the session has expired or was revoked: 0 to 365 days, 7 days by default. While the row exists, a refresh says why
    /// the session has ended. After that, a refresh says <see cref="RefreshError.SessionUnknown"/>.
    /// </summary>
    public TimeSpan SessionRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a row of the audit table stays: 1 to 3650 days, 90 days by default. 0 keeps all rows for ever.</summary>
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(SessionRetention), SessionRetention, TimeSpan.Zero, TimeSpan.FromDays(365));
        if (EventRetention != TimeSpan.Zero)
        {
            check.Range(nameof(EventRetention), EventRetention, TimeSpan.FromDays(1), TimeSpan.FromDays(3650));
        }

        return check.Faults;
    }
}
