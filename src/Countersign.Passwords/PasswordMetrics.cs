using System.Diagnostics.Metrics;
using Countersign.Passwords.Kernel;

namespace Countersign.Passwords;

/// <summary>The instruments of the meter <c>Countersign.Passwords</c>: one meter for each engine, and one for all hashers.</summary>
internal sealed class PasswordMetrics : IDisposable
{
    public const string MeterName = "Countersign.Passwords";
    public const string DepthName = "countersign.passwords.queue.depth";
    public const string WaitName = "countersign.passwords.queue.wait";
    public const string HashesName = "countersign.passwords.hashes";
    public const string RoundsName = "countersign.passwords.rounds";
    public const string RefusalsName = "countersign.passwords.refusals";
    public const string LanesName = "countersign.passwords.lanes";

    private static readonly string[] Purposes = ["new", "compare", "dummy"];

    private readonly Counter<long> _hashes;
    private readonly Counter<long> _rounds;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _wait;

    public PasswordMetrics()
    {
        Meter = new Meter(MeterName);
        _hashes = Meter.CreateCounter<long>(HashesName, "{hash}", "bcrypt digests computed, by purpose (new, compare, dummy) and cost.");
        _rounds = Meter.CreateCounter<long>(RoundsName, "{round}", "bcrypt rounds computed, by purpose: 2^cost for a hash, what was missing for a dummy.");
        _refusals = Meter.CreateCounter<long>(RefusalsName, "{request}", "Work refused as busy, by reason (queue, network, account, deadline).");
        _wait = Meter.CreateHistogram<double>(WaitName, "s", "Time that work waited before a worker took it.");
    }

    /// <summary>Shared by all hashers: a meter must be disposed of, and hashers are not.</summary>
    public static PasswordMetrics OfHashers { get; } = new();

    public Meter Meter { get; }

    public void ObserveDepth(Func<int> depth) =>
        Meter.CreateObservableUpDownCounter(DepthName, depth, "{request}", "Work that waits for a worker.");

    public void ObserveLanes(Func<int> lanes) =>
        Meter.CreateObservableUpDownCounter(LanesName, lanes, "{lane}", "Lanes that compute a digest now; a worker has four.");

    public void Hashed(BcryptRequest computed)
    {
        var tag = new KeyValuePair<string, object?>("purpose", Purposes[(int)computed.Purpose]);
        _hashes.Add(1, tag, new KeyValuePair<string, object?>("cost", computed.Cost));
        _rounds.Add(computed.Rounds, tag);
    }

    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));

    public void Waited(TimeSpan wait) => _wait.Record(wait.TotalSeconds);

    public void Dispose() => Meter.Dispose();
}
