using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Countersign.Passwords;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>Counts the hashes of one engine by its own meter: new ones, comparisons, dummies.</summary>
internal sealed class HashCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private int _lanes;

    public HashCount(PasswordEngine engine)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, engine.Metrics.Meter) && instrument.Name is PasswordMetrics.HashesName or PasswordMetrics.LanesName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<int>((_, lanes, _, _) => _lanes = lanes);
        _listener.SetMeasurementEventCallback<long>((_, measurement, tags, _) =>
        {
            foreach (var (name, value) in tags)
            {
                if (name == "purpose")
                {
                    _counts.AddOrUpdate((string)value!, measurement, (_, count) => count + measurement);
                }
            }
        });
        _listener.Start();
    }

    /// <summary>Digests that are being computed now.</summary>
    public int Running
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _lanes;
        }
    }

    public long New => _counts.GetValueOrDefault("new");

    public long Comparisons => _counts.GetValueOrDefault("compare");

    public long Dummies => _counts.GetValueOrDefault("dummy");

    public long All => New + Comparisons + Dummies;

    public void Reset() => _counts.Clear();

    public void Dispose() => _listener.Dispose();
}
