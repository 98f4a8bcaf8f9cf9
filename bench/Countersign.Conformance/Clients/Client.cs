using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Clients;

/// <summary>
/// Somebody who holds a pair, and keeps what the last answer gave: a browser's tabs with their common storage, an app, or a thief. It knows nothing of one server's rules.
/// </summary>
internal sealed class Client(ServerHttpClient http, Account account, TokenPair pair)
{
    /// <summary>Between two tries of a client that was told to come back later.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public Account Account => account;

    public TokenPair Held { get; private set; } = pair;

    /// <summary>The last refusal; null while there was none.</summary>
    public Reply? Problem { get; private set; }

    /// <summary>Somebody who has copied the tokens of this one.</summary>
    public Client Copy() => new(http, account, Held);

    public void Keep(TokenPair kept) => Held = kept;

    /// <summary>Refreshes once with what is held, and keeps the answer.</summary>
    public async Task<Reply> TryRefreshAsync(Uri node)
    {
        var reply = await http.RefreshAsync(node, Held.Refresh);
        Take(reply);
        return reply;
    }

    /// <summary>Sends what is held, and never learns what was answered.</summary>
    public Task<Reply> LoseAnswerAsync(Uri node) => http.RefreshAsync(node, Held.Refresh);

    /// <summary>Refreshes as an app does: what only passes is tried again, with what is held then.</summary>
    /// <param name="node">Where.</param>
    /// <param name="evidence">Takes what was seen on the way.</param>
    /// <param name="patience">How long it is tried.</param>
    /// <param name="time">What it is measured by.</param>
    public async Task<Reply> RefreshAsync(Uri node, Evidence evidence, TimeSpan patience, TimeProvider time)
    {
        long started = time.GetTimestamp();
        while (true)
        {
            var reply = await TryRefreshAsync(node);
            evidence.Saw(reply);
            if (!reply.IsTransient || time.GetElapsedTime(started) > patience)
            {
                return reply;
            }

            await Task.Delay(Pause);
        }
    }

    private void Take(Reply reply)
    {
        if (reply.Pair is { } pair)
        {
            Held = pair;
        }
        else if (reply.Kind is ReplyKind.Refused)
        {
            Problem = reply;
        }
    }
}
