namespace Countersign.Sessions.Cleanup;

/// <summary>How long rows stay that nothing needs any more.</summary>
public sealed class CleanupOptions
{
    /// <summary>The configuration section, under the service's own.</summary>
    public const string SectionName = "Cleanup";

    /// <summary>
    /// How long a session's row stays after the session has expired or was revoked: 0 to 365 days, 7 days by default. Until then a refresh says why the session is
    /// over; afterwards it says <see cref="RefreshError.SessionUnknown"/>.
    /// </summary>
    public TimeSpan SessionRetention { get; set; } = TimeSpan.FromDays(7);

    /// <summary>How long a line of the audit table stays: 1 to 3650 days, 90 days by default; 0 keeps all of them for ever.</summary>
    public TimeSpan EventRetention { get; set; } = TimeSpan.FromDays(90);
}
