using Countersign.Sessions.Rotation;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>How refresh tokens rotate.</summary>
public sealed class CountersignRefreshOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Refresh";

    /// <summary>
    /// For how long after a rotation the token before it still gets the current pair, so that racing tabs and nodes converge. 0 to 5 minutes, 30 seconds by
    /// default. A new generation stands for at least twice this time before it can be rotated.
    /// </summary>
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// For how long after a refresh its token may come back because the answer was lost. 0 to 7 days, one hour by default (decision 0028); 0 switches that line
    /// of the table off. A token that comes back later ends the session.
    /// </summary>
    public TimeSpan LostResponseWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// What becomes of refresh tokens from the time that a restored backup does not know. Refused by default; <see cref="AfterRestoreBehavior.Accept"/> needs
    /// both dates below.
    /// </summary>
    public AfterRestoreBehavior AfterRestore { get; set; } = AfterRestoreBehavior.Refuse;

    /// <summary>
    /// The instant of the backup that was restored. Only tokens that were issued after it are taken: an older one would be in the backup. Null while no backup
    /// was restored.
    /// </summary>
    public DateTimeOffset? RestorePoint { get; set; }

    /// <summary>
    /// Until when they are taken: later than <see cref="RestorePoint"/>, by 365 days at most. By the session clock. Null while no backup was restored.
    /// </summary>
    public DateTimeOffset? AcceptUntil { get; set; }

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(Grace), Grace, TimeSpan.Zero, TimeSpan.FromMinutes(5));
        check.Range(nameof(LostResponseWindow), LostResponseWindow, TimeSpan.Zero, TimeSpan.FromDays(7));
        check.Choice(nameof(AfterRestore), AfterRestore);
        if (AfterRestore == AfterRestoreBehavior.Accept)
        {
            CheckRestore(check);
        }

        return check.Faults;
    }

    /// <summary>The window opens a check, so both of its ends must be set.</summary>
    private void CheckRestore(SettingCheck check)
    {
        var missing = $"is missing: {check.Key(nameof(AfterRestore))} is {nameof(AfterRestoreBehavior.Accept)}";
        if (RestorePoint is null)
        {
            check.Add(nameof(RestorePoint), missing, "Write the instant of the backup that was restored.");
        }

        if (AcceptUntil is null)
        {
            check.Add(nameof(AcceptUntil), missing, "Write the instant at which tokens of after the backup are refused again.");
        }

        if (AcceptUntil <= RestorePoint || AcceptUntil - RestorePoint > RestoreWindow.Longest)
        {
            check.Add(
                nameof(AcceptUntil), $"does not fit {check.Key(nameof(RestorePoint))}", $"It must be later, by {RestoreWindow.Longest.Days} days at most.", nameof(RestorePoint));
        }
    }
}

/// <summary>What becomes of refresh tokens that are ahead of their session by more than one rotation: the database was taken back to a backup.</summary>
public enum AfterRestoreBehavior
{
    /// <summary>They are refused as <see cref="RefreshError.SessionAhead"/>; whoever has refreshed more than once since the backup logs in again.</summary>
    Refuse = 0,

    /// <summary>
    /// For a time, those that were issued after the restore point are taken, and their session goes on from them. See
    /// <see cref="CountersignRefreshOptions.RestorePoint"/>
    /// and <see cref="CountersignRefreshOptions.AcceptUntil"/>.
    /// </summary>
    Accept = 1,
}
