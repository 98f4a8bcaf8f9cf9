namespace Countersign.Sessions.Stores;

/// <summary>A line of the audit table: who did what from where. It holds no secret.</summary>
/// <param name="Id">UUID v7.</param>
/// <param name="At">When.</param>
/// <param name="Kind">What: a stable name in snake case, such as <c>refresh_token_reused</c>.</param>
/// <param name="UserId">The account; null if none is known.</param>
/// <param name="SessionId">The session; null if none is concerned.</param>
/// <param name="IpAddress">The client's network address; null if it is not known.</param>
/// <param name="Detail">More, for a person who reads it; null if there is none.</param>
internal sealed record SecurityEvent(Guid Id, DateTimeOffset At, string Kind, string? UserId, Guid? SessionId, string? IpAddress, string? Detail);
