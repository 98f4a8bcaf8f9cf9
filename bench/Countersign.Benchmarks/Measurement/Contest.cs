using Countersign.Harness;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// Contestants that take turns in one process: what disturbs the machine for a while disturbs all of them, so ratios of one round hold where times of different minutes would not.
/// </summary>
internal sealed class Contest
{
    private readonly List<(string Name, Func<Task<Sample?>> Turn)> _contestants = [];
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    /// <summary>Adds a contestant. Null instead of a sample: it is not there on this machine, and is left out.</summary>
    public void Add(string name, Func<Task<Sample?>> turn) => _contestants.Add((name, turn));

    /// <summary>One turn each that is not counted, then the rounds.</summary>
    public async Task RunAsync(int rounds)
    {
        List<(string Name, Func<Task<Sample?>> Turn)> present = [];
        foreach (var contestant in _contestants)
        {
            if (await contestant.Turn() is null)
            {
                Console.Error.WriteLine($"{contestant.Name} is not on this machine: left out.");
                continue;
            }

            present.Add(contestant);
            _samples[contestant.Name] = [];
        }

        for (int round = 0; round < rounds; round++)
        {
            foreach (var (name, turn) in present)
            {
                _samples[name].Add((await turn())!.Value);
            }
        }
    }

    /// <summary>A row about one contestant. Each peer's number is its time divided by this one's: how many times as fast this one is.</summary>
    public Row Faster(string name, string contestant, params string[] peers) => MakeRow(name, contestant, peers, (own, peer) => peer / own);

    /// <summary>A row about one contestant. Each peer's number is this one's time divided by the peer's: how many times as long this one takes.</summary>
    public Row Longer(string name, string contestant, params string[] peers) => MakeRow(name, contestant, peers, (own, peer) => own / peer);

    private Row MakeRow(string name, string contestant, string[] peers, Func<double, double, double> ratio)
    {
        var own = _samples[contestant];
        Dictionary<string, double> versus = new(StringComparer.Ordinal);
        foreach (string peer in peers)
        {
            if (_samples.TryGetValue(peer, out var theirs))
            {
                versus[peer] = Statistics.Median(own.Zip(theirs, (mine, other) => ratio(mine.Nanoseconds, other.Nanoseconds)));
            }
        }

        return new Row(name, Statistics.Median(own.Select(sample => sample.Nanoseconds)), Statistics.Median(own.Select(sample => sample.Bytes)), versus);
    }
}
