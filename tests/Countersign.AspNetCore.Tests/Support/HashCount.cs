using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Countersign.Passwords;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>Counts the hashes of one engine by its own meter: new ones, comparisons, decoys.</summary>
internal sealed class HashCount : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public HashCount(PasswordEngine engine)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter, engine.Metrics.Meter) && instrument.Name == PasswordMetrics.HashesName)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
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

    public long New => _counts.GetValueOrDefault("new");

    public long Comparisons => _counts.GetValueOrDefault("compare");

    public long Decoys => _counts.GetValueOrDefault("decoy");

    public long All => New + Comparisons + Decoys;

    public void Reset() => _counts.Clear();

    public void Dispose() => _listener.Dispose();
}
