namespace Countersign.Sessions.Stores;

/// <summary>A row of the audit table: who did what, and from where. It contains no secret.</summary>
/// <param name="Id">UUID v7.</param>
/// <param name="At">The time.</param>
/// <param name="Kind">The kind: a stable name in snake case, such as <c>refresh_token_reused</c>.</param>
/// <param name="UserId">The account; null if none is known.</param>
/// <param name="SessionId">The session; null if none is concerned.</param>
/// <param name="IpAddress">The client's network address; null if it is not known.</param>
/// <param name="Detail">More text for a person; null if there is none.</param>
internal sealed record SecurityEvent(Guid Id, DateTimeOffset At, string Kind, string? UserId, Guid? SessionId, string? IpAddress, string? Detail);
