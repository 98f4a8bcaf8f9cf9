namespace Countersign.Sessions.Writing;

/// <summary>A session that the writer has started.</summary>
/// <param name="Session">Its row.</param>
/// <param name="Epoch">The epoch of its access token.</param>
internal readonly record struct StartOutcome(Session Session, long Epoch);
