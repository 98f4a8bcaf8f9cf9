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
    /// For how long the parent of an unseen child may come back because the answer with the child was lost. 0 to 7 days, 24 hours by default; 0 switches
    /// that line of the table off: a lost answer then ends the session, and so does a thief who comes late.
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
