namespace Countersign.Sessions;

/// <summary>How refresh tokens rotate.</summary>
public sealed class RefreshOptions
{
    /// <summary>The configuration section, under the service's own.</summary>
    public const string SectionName = "Refresh";

    /// <summary>
    /// For how long after a rotation the token before it still gets the current pair, so that racing tabs and nodes converge. 0 to 5 minutes, 30 seconds by
    /// default. A new generation stands for at least twice this time before it can be rotated.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long after a refresh its token may come back because the answer was lost. 0 to 7 days, one hour by default (decision 0028); 0 switches that line
    /// of the table off. A token that comes back later ends the session.
    /// </summary>
    public TimeSpan LostAnswerWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// What becomes of refresh tokens from the time that a restored backup does not know. Refused by default; <see cref="Sessions.AfterRestore.Accept"/> needs
    /// both dates below.
    /// </summary>
    public AfterRestore AfterRestore { get; set; } = AfterRestore.Refuse;

    /// <summary>
    /// The instant of the backup that was restored. Only tokens that were issued after it are taken: an older one would be in the backup. Null while no backup
    /// was restored.
    /// </summary>
    public DateTimeOffset? RestorePoint { get; set; }

    /// <summary>
    /// Until when they are taken: later than <see cref="RestorePoint"/>, by 365 days at most. By the session clock. Null while no backup was restored.
    /// </summary>
    public DateTimeOffset? AcceptUntil { get; set; }
}
