namespace Countersign.Passwords.Queueing;

/// <summary>The limits of a queue. They never change.</summary>
internal sealed record QueueLimits(int Workers, int LanesPerWorker, TimeSpan Waiting, TimeSpan Deadline, double NetworkShare, int PerAccount);
