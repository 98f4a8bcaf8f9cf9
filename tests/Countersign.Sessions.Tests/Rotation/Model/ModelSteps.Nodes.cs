using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <content>What a node's writer does: decides a batch under the lock, commits it, and answers.</content>
internal sealed partial class ModelSteps
{
    /// <summary>Decides requests one after the other, each on the row that the one before left.</summary>
    /// <returns>Whether none was refused.</returns>
    private bool TryDecide(in ModelState state, ref ModelRow row, ref ModelRequests requests, out FalseLogout logout)
    {
        logout = FalseLogout.None;
        for (var i = 0; i < requests.Count; i++)
        {
            var request = requests[i];
            var outcome = DecideOne(row, state, request.Token, _variant.AgesAtDecision ? 0 : request.Waited);
            if (outcome.IsRefused)
            {
                logout = ToLogout(outcome.Case);
                var verdict = logout == FalseLogout.Killed ? "reuse, session killed" : "refused";
                _logoutText = $"node decides{Describe(requests, i)}; {request.Token} from tab{request.Tab} is {verdict}";
                return false;
            }

            row = outcome.Row;
            requests.Set(i, request with { Generation = row.Generation });
        }

        return true;
    }

    private ModelOutcome DecideOne(ModelRow row, in ModelState state, byte token, int waited)
    {
        var issue = default(ModelIssue);
        if (token > row.Generation)
        {
            for (var i = 0; i < state.IssueCount; i++)
            {
                issue = state.Issues[i].Generation == token ? state.Issues[i] : issue;
            }

            Assert.NotEqual(0, issue.Generation);
        }

        return _rule.Decide(row, token, waited, issue);
    }

    private FalseLogout NodeDecides(ref ModelState state, int node)
    {
        var isLockHeld = state.Nodes[0].Commit == CommitPhase.Hanging || state.Nodes[1].Commit == CommitPhase.Hanging;
        if (isLockHeld || (node == 1 && AreNodesAlike(ref state)))
        {
            return FalseLogout.None;
        }

        var queue = state.Nodes[node].Queue;
        for (var count = 1; count <= queue.Count; count++)
        {
            var row = state.Row;
            var batch = queue.Slice(0, count);
            if (!TryDecide(state, ref row, ref batch, out var logout))
            {
                return logout;
            }

            var decided = state;
            decided.Nodes[node].Queue = queue.Slice(count, queue.Count);
            Commit(ref decided, node, row, batch);
        }

        return FalseLogout.None;
    }

    // The commit goes through at once, or takes time before it is visible, or is visible and the node is not told.
    private void Commit(ref ModelState decided, int node, ModelRow row, ModelRequests batch)
    {
        var next = decided;
        WriteRow(ref next, row);
        SendAnswers(ref next, batch);
        Emit(ref next, _isExplaining ? $"node decides and commits{Describe(batch, batch.Count)}" : null);

        next = decided;
        ref var hanging = ref next.Nodes[node];
        hanging.Batch = batch;
        hanging.Commit = CommitPhase.Hanging;
        hanging.Wrote = row == decided.Row ? (byte)0 : row.Generation;
        hanging.Pending = row;
        Emit(ref next, _isExplaining ? $"node decides{Describe(batch, batch.Count)}; its commit takes time, the lock is held" : null);

        if (_environment.LongestStall > Bound && decided.Stalls > 0 && decided.Faults > 0)
        {
            next = decided;
            WriteRow(ref next, row);
            ref var untold = ref next.Nodes[node];
            untold.Batch = batch;
            untold.Commit = CommitPhase.Untold;
            untold.Wrote = row == decided.Row ? (byte)0 : row.Generation;
            Emit(ref next, _isExplaining ? $"node decides{Describe(batch, batch.Count)}; committed, but the node is not told" : null);
        }
    }

    private FalseLogout CommitEnds(ref ModelState state, int node)
    {
        var busy = state.Nodes[node];
        if (busy.Elapsed == 0)
        {
            return FalseLogout.None;
        }

        // From here on the commit is visible.
        var visible = state;
        var wasHanging = busy.Commit == CommitPhase.Hanging;
        if (wasHanging)
        {
            WriteRow(ref visible, busy.Pending);
            if (_environment.LongestStall > Bound && (busy.Elapsed > Bound || (state.Stalls > 0 && state.Faults > 0)))
            {
                var next = visible;
                next.Nodes[node].Commit = CommitPhase.Untold;
                next.Nodes[node].Pending = default;
                Emit(ref next, "that commit is visible, but the node is not told");
            }
        }

        var isLockHeldByOther = state.Nodes[1 - node].Commit == CommitPhase.Hanging;
        if (busy.Elapsed <= Bound || _variant.SlowCommit == SlowCommit.AnswerLate || (_variant.SlowCommit == SlowCommit.Touch && busy.Wrote == 0))
        {
            Answer(ref visible, node, visible.Row, busy.Batch, "the commit is through, answers sent");
        }
        else if (_variant.SlowCommit == SlowCommit.Refuse)
        {
            AnswerUnavailable(ref visible, node, "the slow commit is through: 503");
        }
        else if (wasHanging || !isLockHeldByOther)
        {
            return AfterSlowCommit(ref visible, node);
        }

        return FalseLogout.None;
    }

    // One more statement under the lock, before the answers; its own commit may be slow too.
    private FalseLogout AfterSlowCommit(ref ModelState visible, int node)
    {
        var busy = visible.Nodes[node];
        var row = visible.Row;
        var batch = busy.Batch;
        var decidesAgain = _variant.SlowCommit == SlowCommit.DecideAgain;
        var isItsOwn = busy.Wrote != 0 && (row.Generation == busy.Wrote || (!decidesAgain && row.Parent == busy.Wrote));
        if (isItsOwn)
        {
            row = row with { Age = 0 };
        }

        if (decidesAgain && !TryDecide(visible, ref row, ref batch, out var logout))
        {
            _logoutText = "the slow commit is through, decided again: " + _logoutText;
            return logout;
        }

        if (!decidesAgain && !isItsOwn)
        {
            AnswerUnavailable(ref visible, node, "the slow commit is through, the row has moved on: 503");
            return FalseLogout.None;
        }

        var what = _isExplaining ? $"the slow commit is through{(isItsOwn ? ", RefreshedAt = now" : "")}, answers{Describe(batch, batch.Count)}" : null;
        Answer(ref visible, node, row, batch, what);
        if (row != visible.Row && visible.Stalls > 0 && visible.Faults > 0)
        {
            var next = visible;
            ref var second = ref next.Nodes[node];
            second.Batch = batch;
            second.Commit = CommitPhase.Hanging;
            second.Elapsed = 0;
            second.Wrote = decidesAgain ? row.Generation : busy.Wrote;
            second.Pending = row;
            Emit(ref next, what + " once the second commit is through");
        }

        return FalseLogout.None;
    }

    private void Answer(ref ModelState visible, int node, ModelRow row, ModelRequests batch, string? label)
    {
        var next = visible;
        WriteRow(ref next, row);
        SendAnswers(ref next, batch);
        next.Nodes[node].Finish();
        Emit(ref next, label);
    }

    private void AnswerUnavailable(ref ModelState visible, int node, string label)
    {
        var next = visible;
        var batch = next.Nodes[node].Batch;
        for (var i = 0; i < batch.Count; i++)
        {
            next.Messages[batch[i].Tab] = new ModelMessage(MessagePhase.Unavailable, batch[i].Token, 0, 0);
        }

        next.Nodes[node].Finish();
        Emit(ref next, label);
    }

    private static void SendAnswers(ref ModelState state, in ModelRequests batch)
    {
        for (var i = 0; i < batch.Count; i++)
        {
            state.Messages[batch[i].Tab] = new ModelMessage(MessagePhase.Answer, batch[i].Token, 0, batch[i].Generation);
        }
    }

    // What is issued after the state that comes back is remembered: its tokens carry parent and iat.
    private static void WriteRow(ref ModelState state, ModelRow row)
    {
        state.Row = row;
        if (state.Snapshot.Generation == 0 || state.HasGoneBack != 0)
        {
            return;
        }

        var place = 0;
        while (place < state.IssueCount && state.Issues[place].Generation < row.Generation)
        {
            place++;
        }

        if (place < state.IssueCount && state.Issues[place].Generation == row.Generation)
        {
            return;
        }

        for (var i = state.IssueCount; i > place; i--)
        {
            state.Issues[i] = state.Issues[i - 1];
        }

        state.Issues[place] = new ModelIssue(row.Generation, row.Parent, row.Age);
        state.IssueCount++;
    }

    private static string Describe(in ModelRequests requests, int count)
    {
        var text = "";
        for (var i = 0; i < count; i++)
        {
            text += $"{(i == 0 ? " " : ", ")}tab{requests[i].Tab}: {requests[i].Token} -> {requests[i].Generation}";
        }

        return text;
    }
}
