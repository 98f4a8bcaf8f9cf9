namespace Countersign.TestSupport;

/// <summary>Measures what a piece of code takes from the managed heap.</summary>
public static class AllocatedMemory
{
    private const int Turns = 5;

    /// <summary>
    /// The fewest bytes that <paramref name="action"/> took in five turns, after one that isn't counted.
    /// What the runtime does beside it, such as running it for the first time or replacing code by faster code, takes memory on the same thread;
    /// it happens once, and would fail a test whose own code takes none.
    /// </summary>
    public static long Of(Action action)
    {
        action();
        var least = long.MaxValue;
        for (var turn = 0; turn < Turns; turn++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
