using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Countersign.Passwords.Tests.Support;

/// <summary>What one meter counted.</summary>
internal sealed class Recorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)> _measurements = new();

    public Recorder(Meter meter)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _measurements.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => _measurements.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _measurements.Enqueue((instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    public double Sum(string instrument, string? tagValue = null) => _measurements
        .Where(measurement => measurement.Instrument == instrument
            && (tagValue is null || measurement.Tags.Any(tag => string.Equals(tag.Value as string, tagValue, StringComparison.Ordinal))))
        .Sum(measurement => measurement.Value);

    public int Count(string instrument) => _measurements.Count(measurement => measurement.Instrument == instrument);

    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();
}
