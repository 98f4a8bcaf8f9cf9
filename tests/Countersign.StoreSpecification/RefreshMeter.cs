using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Countersign.StoreSpecification;

/// <summary>What the meter of sessions counts of the refreshes that the method asks for which made this, and of no other test's.</summary>
internal sealed class RefreshMeter : IDisposable
{
    // The meter is the process's. A refresh is counted on the flow of its caller, so that the flow tells whose it is.
    private static readonly AsyncLocal<RefreshMeter?> Caller = new();

    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string? Case, string? Error)> _refreshes = new();

    public RefreshMeter()
    {
        Caller.Value = this;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Name: "countersign.refreshes", Meter.Name: "Countersign.Sessions" })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, count, tags, _) =>
        {
            if (ReferenceEquals(Caller.Value, this))
            {
                var values = tags.ToArray().ToDictionary(static tag => tag.Key, static tag => tag.Value, StringComparer.Ordinal);
                for (var i = 0; i < count; i++)
                {
                    _refreshes.Enqueue(((string?)values["countersign.rotation.case"], (string?)values["error.type"]));
                }
            }
        });
        _listener.Start();
    }

    /// <summary>Each refresh that was counted: the line of the table, and the reason code where it was refused.</summary>
    public IReadOnlyCollection<(string? Case, string? Error)> Refreshes => _refreshes;

    public void Dispose()
    {
        Caller.Value = null;
        _listener.Dispose();
    }
}
