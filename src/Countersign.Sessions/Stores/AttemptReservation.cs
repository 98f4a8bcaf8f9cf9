namespace Countersign.Sessions.Stores;

/// <summary>The answer to an attempt at a password, before it is compared.</summary>
/// <param name="Wait">How long the attempt must wait; null if it may go on.</param>
/// <param name="BlockedUntil">The end of the block that this attempt begins unless it succeeds or is given back; null if it begins none.</param>
internal readonly record struct AttemptReservation(TimeSpan? Wait, DateTimeOffset? BlockedUntil)
{
    /// <summary>Whether the attempt may go on.</summary>
    public bool MayGoOn => Wait is null;
}
