namespace Countersign.Sessions.Writing;

/// <summary>A session that the writer has started.</summary>
/// <param name="Session">Its row.</param>
/// <param name="KeyVersion">The version of the key table at its start; who signs must have loaded no older one.</param>
internal readonly record struct StartOutcome(Session Session, long KeyVersion);
