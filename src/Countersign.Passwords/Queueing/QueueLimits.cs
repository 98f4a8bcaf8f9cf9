namespace Countersign.Passwords.Queueing;

/// <summary>The bounds of a queue, fixed for its life.</summary>
internal sealed record QueueLimits(int Workers, int LanesPerWorker, TimeSpan Waiting, TimeSpan Deadline, double NetworkShare, int PerAccount);
