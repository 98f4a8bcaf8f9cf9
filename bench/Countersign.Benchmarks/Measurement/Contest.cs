using Countersign.Harness;

namespace Countersign.Benchmarks.Measurement;

/// <summary>
/// Contestants that take turns in one process. A temporary disturbance of the machine affects all of them, so the ratios of one round are valid even if times
/// of different minutes are not comparable.
/// </summary>
internal sealed class Contest
{
    private readonly List<(string Name, Func<Task<Sample?>> Turn)> _contestants = [];
    private readonly Dictionary<string, List<Sample>> _samples = new(StringComparer.Ordinal);

    /// <summary>Adds a contestant. If it gives null instead of a sample, it is not on this machine and is left out.</summary>
    public void Add(string name, Func<Task<Sample?>> turn) => _contestants.Add((name, turn));

    /// <summary>Runs one turn of each that is not counted, then the rounds.</summary>
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

    /// <summary>Makes a row about one contestant. The number of each peer is its time divided by this one's: how many times as fast this one is.</summary>
    public Row Faster(string name, string contestant, params string[] peers) => MakeRow(name, contestant, peers, (own, peer) => peer / own);

    /// <summary>
    /// Makes a row about one contestant. The number of each peer is this one's time divided by the peer's: how many times as long this one takes.
    /// </summary>
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
