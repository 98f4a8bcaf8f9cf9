namespace Countersign.Sessions.Stores;

/// <summary>What one transaction of the clean-up did.</summary>
/// <param name="Removed">How many rows it removed.</param>
/// <param name="HasMore">Whether there may be more to look at; otherwise the round is over for this kind of row.</param>
internal readonly record struct CleanupBatch(int Removed, bool HasMore);
