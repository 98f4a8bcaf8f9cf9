namespace Countersign.Sessions.Tests.Rotation.Model;

/// <content>What happens by itself: time passes, the database goes away or back.</content>
internal sealed partial class ModelSteps
{
    // A tick. What would take too long must happen first; a delay beyond the ordinary costs a fault.
    private void TimePasses(ref ModelState state)
    {
        var stalls = CountNewStalls(state);
        var delays = _environment.Faults < ModelEnvironment.Unbounded ? CountNewDelays(state) : 0;
        if (IsSomethingDue(state) || stalls > state.Stalls || stalls + delays > state.Faults || !IsInStep(state) || !IsAnythingLeft(state))
        {
            return;
        }

        var next = state;
        next.Row = Older(state.Row);
        next.Snapshot = state.Snapshot.Generation == 0 ? default : Older(state.Snapshot);
        for (var i = 0; i < state.IssueCount; i++)
        {
            next.Issues[i].Age = Later(state.Issues[i].Age, _oldest);
        }

        for (var i = 0; i < TabCount; i++)
        {
            if (state.Tabs[i].Phase == TabPhase.Retrying)
            {
                next.Tabs[i].Age = Later(state.Tabs[i].Age, _oldestRetry);
            }

            if (state.Messages[i].Phase != MessagePhase.None)
            {
                next.Messages[i].Age = Later(state.Messages[i].Age, _oldest + 1);
            }
        }

        for (var node = 0; node < 2; node++)
        {
            NodeWaits(ref next, node);
        }

        next.Stalls -= (byte)stalls;
        if (_environment.Faults < ModelEnvironment.Unbounded)
        {
            next.Faults -= (byte)(delays + stalls);
        }

        Emit(ref next, "tick");
    }

    // Whoever waits beyond the bound gets 503, and is never decided.
    private void NodeWaits(ref ModelState next, int index)
    {
        ref var node = ref next.Nodes[index];
        var waiting = default(ModelRequests);
        for (var i = 0; i < node.Queue.Count; i++)
        {
            var request = node.Queue[i] with { Waited = (byte)(node.Queue[i].Waited + 1) };
            if (request.Waited > Bound && !_variant.WaitsForever)
            {
                next.Messages[request.Tab] = new ModelMessage(MessagePhase.Unavailable, request.Token, 0, 0);
            }
            else
            {
                waiting.Add(request);
            }
        }

        node.Queue = waiting;
        if (!node.IsBusy)
        {
            return;
        }

        node.Elapsed++;
        node.Pending = node.Commit == CommitPhase.Hanging ? Older(node.Pending) : default;
        for (var i = 0; i < node.Batch.Count; i++)
        {
            node.Batch.Set(i, node.Batch[i] with { Waited = Later(node.Batch[i].Waited, _longestWait) });
        }
    }

    private bool IsSomethingDue(in ModelState state)
    {
        for (var i = 0; i < TabCount; i++)
        {
            var isMessageDue = state.Messages[i].Phase != MessagePhase.None && state.Messages[i].Age >= _environment.LongestFlight;
            if (isMessageDue || (state.Tabs[i].Phase == TabPhase.Retrying && state.Tabs[i].Age >= state.Tabs[i].Bound))
            {
                return true;
            }
        }

        for (var node = 0; node < 2; node++)
        {
            var isCommitDue = state.Nodes[node].IsBusy && state.Nodes[node].Elapsed >= _longestStall;
            if (isCommitDue || (_variant.WaitsForever && LongestWait(state.Nodes[node]) >= _longestWait - 1))
            {
                return true;
            }
        }

        return false;
    }

    private static int LongestWait(in ModelNode node)
    {
        var longest = -1;
        for (var i = 0; i < node.Queue.Count; i++)
        {
            longest = Math.Max(longest, node.Queue[i].Waited);
        }

        return longest;
    }

    private int CountNewDelays(in ModelState state)
    {
        var count = 0;
        for (var i = 0; i < TabCount; i++)
        {
            count += state.Messages[i].Phase != MessagePhase.None && state.Messages[i].Age == 1 ? 1 : 0;
        }

        return count;
    }

    // A commit that passes the bound, or a node that leaves its queue alone for longer, though no commit is in its way.
    private static int CountNewStalls(in ModelState state)
    {
        var count = 0;
        var isAnyBusy = state.Nodes[0].IsBusy || state.Nodes[1].IsBusy;
        for (var index = 0; index < 2; index++)
        {
            var node = state.Nodes[index];
            count += node.IsBusy && node.Elapsed == Bound ? 1 : 0;
            for (var i = 0; i < node.Queue.Count && !isAnyBusy; i++)
            {
                if (node.Queue[i].Waited == Bound)
                {
                    count++;
                    break;
                }
            }
        }

        return count;
    }

    private bool IsInStep(in ModelState state)
    {
        if (_environment.InStep is not { } step || state.Row.Age < step)
        {
            return true;
        }

        for (var i = 0; i < TabCount; i++)
        {
            if (state.Tabs[i].Phase == TabPhase.Idle && state.Stores[_environment.Stores[i]] != state.Row.Generation)
            {
                return false;
            }
        }

        return true;
    }

    // At rest with a row of the greatest age, one more tick changes nothing.
    private bool IsAnythingLeft(in ModelState state)
    {
        if (state.Row.Age < _oldest || IsAnyoneHeld(state))
        {
            return true;
        }

        for (var i = 0; i < TabCount; i++)
        {
            if (state.Messages[i].Phase != MessagePhase.None || (state.Tabs[i].Phase == TabPhase.Retrying && state.Tabs[i].Age < _oldestRetry))
            {
                return true;
            }
        }

        return false;
    }

    private void DatabaseGoesAway(ref ModelState state)
    {
        if (state.Outages == 0 || state.Faults == 0)
        {
            return;
        }

        GoAway(ref state, state.Row);
        for (var node = 0; node < 2; node++)
        {
            // A hanging commit may have gone through before.
            if (state.Nodes[node].Commit == CommitPhase.Hanging)
            {
                GoAway(ref state, state.Nodes[node].Pending);
            }
        }
    }

    private void GoAway(ref ModelState state, ModelRow row)
    {
        var next = state;
        for (var i = 0; i < TabCount; i++)
        {
            if (state.Messages[i].Phase != MessagePhase.None)
            {
                next.Tabs[i] = MakeRetry(state.Messages[i].Token, _environment.LongestRetry);
                next.Messages[i] = default;
            }
        }

        for (var node = 0; node < 2; node++)
        {
            FailRequests(ref next, state.Nodes[node].Queue);
            FailRequests(ref next, state.Nodes[node].Batch);
            next.Nodes[node] = default;
        }

        next.Row = row with { Age = _oldest };
        next.Outages--;
        next.Faults--;
        Emit(ref next, "database away for longer than the grace");
    }

    private void DatabaseGoesBack(ref ModelState state)
    {
        if (_environment.GoesBack is not { } most || state.HasGoneBack != 0 || state.Faults == 0)
        {
            return;
        }

        var next = state;
        if (state.Snapshot.Generation == 0)
        {
            next.Snapshot = state.Row;
            Emit(ref next, "(this state will come back)");
            return;
        }

        var lost = state.Row.Generation - state.Snapshot.Generation;
        if (lost < 1 || lost > most)
        {
            return;
        }

        for (var node = 0; node < 2; node++)
        {
            FailRequests(ref next, state.Nodes[node].Batch);
            next.Nodes[node].Finish();
        }

        next.Row = state.Snapshot;
        next.Snapshot = default;
        next.HasGoneBack = 1;
        next.Faults--;
        Emit(ref next, "database goes back");
    }

    private void FailRequests(ref ModelState state, in ModelRequests requests)
    {
        for (var i = 0; i < requests.Count; i++)
        {
            state.Tabs[requests[i].Tab] = MakeRetry(requests[i].Token, _environment.LongestRetry);
        }
    }

    private ModelRow Older(ModelRow row) => row with { Age = Later(row.Age, _oldest) };

    private static byte Later(byte age, int most) => (byte)Math.Min(age + 1, most);
}
