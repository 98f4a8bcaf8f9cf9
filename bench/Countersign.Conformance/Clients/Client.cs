using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Clients;

/// <summary>
/// A client that holds a pair and keeps the pair of the last answer: a browser's tabs with their common storage, an app, or a thief. It knows no server's
/// rules.
/// </summary>
internal sealed class Client(ServerHttpClient http, Account account, TokenPair pair)
{
    /// <summary>The pause between two tries of a client that was told to come back later.</summary>
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    public Account Account => account;

    public TokenPair Held { get; private set; } = pair;

    /// <summary>The last refusal; null if there was none.</summary>
    public Reply? Problem { get; private set; }

    /// <summary>Makes a client that has copied the tokens of this one.</summary>
    public Client Copy() => new(http, account, Held);

    public void Keep(TokenPair kept) => Held = kept;

    /// <summary>Refreshes once with the held token, and keeps the answer.</summary>
    public async Task<Reply> TryRefreshAsync(Uri node)
    {
        var reply = await http.RefreshAsync(node, Held.Refresh);
        Take(reply);
        return reply;
    }

    /// <summary>Sends the held token, and never receives the answer.</summary>
    public Task<Reply> LoseAnswerAsync(Uri node) => http.RefreshAsync(node, Held.Refresh);

    /// <summary>Refreshes like an app: after a temporary fault it tries again, with the token that it holds then.</summary>
    /// <param name="node">The node.</param>
    /// <param name="evidence">Collects what the client sees.</param>
    /// <param name="patience">How long it tries.</param>
    /// <param name="time">The clock that measures the patience.</param>
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
