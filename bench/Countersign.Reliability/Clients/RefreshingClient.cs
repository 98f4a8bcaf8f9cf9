using System.Collections.Concurrent;
using Countersign.Harness;

namespace Countersign.Reliability.Clients;

/// <summary>
/// A client that refreshes in a loop and follows the contract. It holds the pair with the highest generation that it was given. After a 503 or without an
/// answer it sends the token that it holds then, to another node.
/// </summary>
internal sealed class RefreshingClient(Api api, IReadOnlyList<ServerNode> nodes, TokenPair first, int seed, TimeSpan shortestPause, TimeSpan longestPause)
{
    private readonly Random _random = new(seed);
    private readonly ConcurrentBag<Reply> _unavailable = [];
    private int _node;
    private bool _mustChange;
    private volatile ServerNode? _waitsFor;
    private volatile int _brokenOff;

    /// <summary>The pair in its store.</summary>
    public TokenPair Held { get; private set; } = first;

    public Guid SessionId { get; } = first.SessionId;

    public int Answered { get; private set; }

    public int Lost { get; private set; }

    /// <summary>Of those, the requests that had been sent. May be read while it runs.</summary>
    public int BrokenOff => _brokenOff;

    /// <summary>The retry times that it was given when nothing could be decided.</summary>
    public IReadOnlyCollection<Reply> Unavailable => _unavailable;

    /// <summary>
    /// Answers that no client should ever see: its session was ended, or the server failed with another status than 503. The first ends the loop.
    /// </summary>
    public string? Violation { get; private set; }

    /// <summary>Runs until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && Violation is null)
        {
            var reply = await StepAsync();
            var pause = shortestPause + ((longestPause - shortestPause) * _random.NextDouble());

            // A client waits no longer than the server asks, or than a person would.
            if (reply.RetryAfter is { } asked)
            {
                pause += asked < TimeSpan.FromSeconds(1) ? asked : TimeSpan.FromSeconds(1) * _random.NextDouble();
            }

            await Task.Delay(pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Whether it has sent a request to this node and has no answer yet. May be read while it runs.</summary>
    public bool WaitsFor(ServerNode node) => _waitsFor == node;

    /// <summary>Whether it gets a pair within the given number of tries.</summary>
    public async Task<bool> GoesOnAsync(int tries)
    {
        for (int attempt = 0; attempt < tries && Violation is null; attempt++)
        {
            if ((await StepAsync()).Pair is not null)
            {
                return true;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        return false;
    }

    private async Task<Reply> StepAsync()
    {
        var sent = Held;

        // Any node, as behind a load balancer. If clients stayed at the node of their last answer, a node that was down would get no work.
        _node = _mustChange ? (_node + 1) % nodes.Count : _random.Next(nodes.Count);
        _mustChange = false;
        _waitsFor = nodes[_node];
        var reply = await api.RefreshAsync(nodes[_node], sent.Refresh);
        _waitsFor = null;
        switch (reply)
        {
            case { Pair: { } pair }:
                Answered++;
                if (pair.Generation < sent.Generation)
                {
                    Violation = $"generation {pair.Generation} for a token of generation {sent.Generation}: an acknowledged rotation is lost";
                }
                else if (pair.Generation >= Held.Generation)
                {
                    Held = pair;
                }

                break;
            case { IsUnanswered: true }:
                Lost++;
                _brokenOff += reply.IsBrokenOff ? 1 : 0;
                _mustChange = true;
                break;
            case { IsUnavailable: true }:
                _unavailable.Add(reply);
                _mustChange = true;
                break;
            default:
                Violation = $"{reply} for generation {sent.Generation} of session {SessionId}";
                break;
        }

        return reply;
    }
}
