namespace Countersign.Sessions.Stores;

/// <summary>What one transaction of the clean-up did.</summary>
/// <param name="Removed">How many rows it removed.</param>
/// <param name="IsLast">Whether there was nothing left to look at when it ended.</param>
public readonly record struct CleanupBatch(int Removed, bool IsLast);
