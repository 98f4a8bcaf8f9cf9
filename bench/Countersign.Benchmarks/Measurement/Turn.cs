namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// A short operation, repeated for some milliseconds on the thread that stays on one core. How often is found out at first, which is also where the code is made
/// as fast as the runtime makes it.
/// </summary>
internal sealed class Turn(Action operation, TimeSpan length)
{
    /// <summary>The runtime compiles a method anew after 30 calls, and once more with what it has seen, in the background, about 100 ms later each. Computed time: a busy machine takes longer over both.
    /// After 400 ms it was seen to be under way still, with a check of 1.77 times the hash that takes 1.6 times when all is compiled.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(1);

    private int _operations;

    public Task<Sample?> TakeAsync() => OneCore.RunAsync<Sample?>(Take);

    private Sample? Take()
    {
        if (_operations == 0)
        {
            _operations = 1;
            double end = OneCore.Computed() + WarmUp.TotalNanoseconds;
            while (OneCore.Computed() < end)
            {
                _operations = Math.Max(1, (int)(length.TotalNanoseconds / Run().Nanoseconds));
            }
        }

        return Run();
    }

    private Sample Run()
    {
        double started = OneCore.Computed();
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        for (int count = 0; count < _operations; count++)
        {
            operation();
        }

        long bytes = GC.GetAllocatedBytesForCurrentThread() - allocated;
        return new Sample((OneCore.Computed() - started) / _operations, (double)bytes / _operations);
    }
}
