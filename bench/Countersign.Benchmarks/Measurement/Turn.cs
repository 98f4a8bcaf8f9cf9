namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// A short operation, repeated for some milliseconds on the thread that stays on one core. A first phase finds the number of repetitions, and lets the runtime
/// optimise the code.
/// </summary>
internal sealed class Turn(Action operation, TimeSpan length)
{
    /// <summary>
    /// The runtime compiles a method again after 30 calls, and once more with its profile, in the background, each about 100 ms later. This is processor time:
    /// a busy machine takes longer for both. After 400 ms the compilation was still running, in a check that took 1.77 times the hash and takes 1.6 times when
    /// all is compiled.
    /// </summary>
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
