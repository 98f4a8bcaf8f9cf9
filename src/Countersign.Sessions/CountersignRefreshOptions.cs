using Countersign.Sessions.Rotation;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions;

/// <summary>How refresh tokens rotate.</summary>
public sealed class CountersignRefreshOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = $"{CountersignTokenOptions.SectionName}:Refresh";

    /// <summary>
    /// How long after a rotation the previous token still gets the current pair, so that racing tabs and nodes get the same pair: 0 to 5 minutes, 30 seconds by
    /// default. A new generation is not rotated again for at least twice this time.
    /// </summary>
    // Enforced by RotationRule.
    public TimeSpan Grace { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long after a refresh the previous token gets a new pair, because the answer may have been lost: 0 to 7 days, one hour by default (decision 0028). 0
    /// switches this off. A token that is sent later ends the session.
    /// </summary>
    public TimeSpan LostResponseWindow { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How the service answers refresh tokens that were issued after the backup that was restored. They are refused by default.
    /// <see cref="AfterRestoreBehavior.Accept"/> needs both dates below.
    /// </summary>
    public AfterRestoreBehavior AfterRestore { get; set; } = AfterRestoreBehavior.Refuse;

    /// <summary>
    /// The time of the backup that was restored. Only tokens that were issued later are accepted, because older ones would be in the backup. Null if no backup
    /// was restored.
    /// </summary>
    public DateTimeOffset? RestorePoint { get; set; }

    /// <summary>
    /// When the service stops accepting these tokens, on the session clock: later than <see cref="RestorePoint"/>, by 365 days at most. Null if no backup was
    /// restored.
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

    /// <summary>Both ends of the window must be set, because the window relaxes a check.</summary>
    private void CheckRestore(SettingCheck check)
    {
        var missing = $"is missing: {check.Key(nameof(AfterRestore))} is {nameof(AfterRestoreBehavior.Accept)}";
        if (RestorePoint is null)
        {
            check.Add(nameof(RestorePoint), missing, "Write the time of the backup that was restored.");
        }

        if (AcceptUntil is null)
        {
            check.Add(nameof(AcceptUntil), missing, "Write the time from which tokens that were issued after the backup are refused again.");
        }

        if (AcceptUntil <= RestorePoint || AcceptUntil - RestorePoint > RestoreWindow.Longest)
        {
            check.Add(
                nameof(AcceptUntil),
                $"does not fit {check.Key(nameof(RestorePoint))}",
                $"It must be later, by {RestoreWindow.Longest.Days} days at most.",
                nameof(RestorePoint));
        }
    }
}

/// <summary>
/// How the service answers refresh tokens that are ahead of their session by more than one rotation. The reason is a database that was restored from a backup.
/// </summary>
public enum AfterRestoreBehavior
{
    /// <summary>
    /// They are refused with <see cref="RefreshError.SessionAhead"/>. A person whose session was refreshed more than once since the backup logs in again.
    /// </summary>
    Refuse = 0,

    /// <summary>
    /// Tokens that were issued after <see cref="CountersignRefreshOptions.RestorePoint"/> are accepted until
    /// <see cref="CountersignRefreshOptions.AcceptUntil"/>, and their session continues from them.
    /// </summary>
    Accept = 1,
}
