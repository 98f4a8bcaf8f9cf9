using System.Diagnostics;
using System.Globalization;
using Countersign.Benchmarks.Measurement;

namespace Countersign.Benchmarks.Refresh;

/// <summary>The processor time that a server takes for each answer.</summary>
internal sealed class ServerTime(int processId)
{
    private TimeSpan _before;
    private double _seconds;
    private double _used;
    private double _operations;

    /// <summary>Begins a turn.</summary>
    public void Start() => _before = Read(processId);

    /// <summary>Adds a turn that has just ended.</summary>
    public void Add(TimeSpan length, Sample sample)
    {
        var now = Read(processId);
        _used += (now - _before).TotalSeconds;
        _seconds += length.TotalSeconds;
        _operations += length.TotalNanoseconds / sample.Nanoseconds;
    }

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{_used / _operations * 1e6:F0} us of processor time an answer, {_used / _seconds:P0} of the core, all turns together");

    private static TimeSpan Read(int id)
    {
        using var process = Process.GetProcessById(id);
        return process.TotalProcessorTime;
    }
}
