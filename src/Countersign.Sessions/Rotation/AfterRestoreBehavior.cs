namespace Countersign.Sessions.Rotation;

/// <summary>What becomes of refresh tokens that are ahead of their session by more than one rotation: the database was taken back to a backup.</summary>
public enum AfterRestoreBehavior
{
    /// <summary>They are refused as <see cref="RefreshError.SessionAhead"/>; whoever has refreshed more than once since the backup logs in again.</summary>
    Refuse = 0,

    /// <summary>
    /// For a time, those that were issued after the restore point are taken, and their session goes on from them. See <see cref="RefreshOptions.RestorePoint"/>
    /// and <see cref="RefreshOptions.AcceptUntil"/>.
    /// </summary>
    Accept = 1,
}
