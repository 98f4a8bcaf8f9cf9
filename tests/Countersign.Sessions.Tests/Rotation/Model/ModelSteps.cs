using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>Takes a state that was reached in one step.</summary>
internal delegate void StateSink(ref ModelState state);

/// <summary>
/// Every step that can follow a state. Here the clients' side; the nodes' is in <c>ModelSteps.Nodes.cs</c>, time and the database in <c>ModelSteps.Time.cs</c>.
/// </summary>
internal sealed partial class ModelSteps
{
    /// <summary>The bound, in ticks, after which a request is answered 503 and a commit counts as slow.</summary>
    private const int Bound = 1;

    private readonly ModelEnvironment _environment;
    private readonly ModelVariant _variant;
    private readonly StateSink _sink;
    private readonly ModelRule _rule;
    private readonly int _longestStall;
    private readonly int _longestWait;
    private readonly byte _oldest;
    private readonly byte _oldestRetry;

    private bool _isExplaining;
    private ModelState _wanted;
    private string? _explanation;
    private string? _logoutText;

    public ModelSteps(ModelEnvironment environment, ModelVariant variant, StateSink sink)
    {
        _environment = environment;
        _variant = variant;
        _sink = sink;
        _longestStall = Math.Max(environment.LongestStall, Bound);
        _longestWait = _longestStall + Bound + 2;
        _oldest = (byte)((2 * environment.Grace) + _longestWait + 1);
        _oldestRetry = (byte)((2 * environment.Grace) + 1 + Bound);
        _rule = new ModelRule(environment.Grace, _oldest, variant.Mutation);
    }

    private int TabCount => _environment.Stores.Length;

    private int StoreCount => _environment.Stores.Max() + 1;

    public ModelState CreateFirst()
    {
        var state = default(ModelState);
        state.Row = new ModelRow(1, 0, _oldest);
        for (var store = 0; store < StoreCount; store++)
        {
            state.Stores[store] = 1;
        }

        state.Starts = (byte)_environment.Starts;
        state.Losses = (byte)_environment.Losses;
        state.Outages = (byte)_environment.Outages;
        state.Stalls = (byte)(_environment.LongestStall > 1 ? 1 : 0);
        state.Faults = (byte)_environment.Faults;
        return state;
    }

    /// <summary>How many of the tokens ever issued would be taken now.</summary>
    public int CountAcceptable(in ModelState state)
    {
        var count = 0;
        for (var token = 1; token <= state.Row.Generation; token++)
        {
            count += _rule.Decide(state.Row, token, 0, default).IsRefused ? 0 : 1;
        }

        return count;
    }

    /// <summary>Hands every next state to the sink.</summary>
    /// <returns>A false logout if one step leads to it; the sink has then not seen all.</returns>
    public FalseLogout Expand(ref ModelState state)
    {
        ClientsSend(ref state);
        MessagesArrive(ref state);
        for (var node = 0; node < 2; node++)
        {
            var logout = state.Nodes[node].IsBusy ? CommitEnds(ref state, node) : NodeDecides(ref state, node);
            if (logout != FalseLogout.None)
            {
                return logout;
            }
        }

        TimePasses(ref state);
        DatabaseGoesAway(ref state);
        DatabaseGoesBack(ref state);
        return IsAtRest(state) ? CheckRest(ref state) : FalseLogout.None;
    }

    /// <summary>Says by which step <paramref name="next"/> follows.</summary>
    public string Explain(ref ModelState state, ref ModelState next)
    {
        (_isExplaining, _wanted, _explanation) = (true, next, null);
        Expand(ref state);
        _isExplaining = false;
        return _explanation ?? throw new InvalidOperationException("The step can't be found again.");
    }

    /// <summary>Says how <paramref name="state"/> leads to a false logout.</summary>
    public string Explain(ref ModelState state, FalseLogout logout)
    {
        (_isExplaining, _wanted, _explanation) = (true, default, null);
        Assert.Equal(logout, Expand(ref state));
        _isExplaining = false;
        return _logoutText!;
    }

    private void Emit(ref ModelState next, string? label)
    {
        next.Normalize();
        if (!_isExplaining)
        {
            _sink(ref next);
        }
        else if (_explanation is null && ModelState.AsBytes(ref next).SequenceEqual(ModelState.AsBytes(ref _wanted)))
        {
            _explanation = label;
        }
    }

    private void ClientsSend(ref ModelState state)
    {
        for (var i = 0; i < TabCount; i++)
        {
            var tab = state.Tabs[i];
            var held = state.Stores[_environment.Stores[i]];
            var begins = tab.Phase == TabPhase.Idle && state.Starts > 0 && !(_environment.InStep is not null && IsAnotherBehind(state, held));
            if (!begins && tab.Phase != TabPhase.Retrying)
            {
                continue;
            }

            var token = tab.Phase == TabPhase.Retrying && tab.Token != 0 ? tab.Token : held;
            var next = state;
            next.Starts -= (byte)(begins ? 1 : 0);
            next.Tabs[i] = new ModelTab(TabPhase.Waiting, 0, 0, 0);
            next.Messages[i] = new ModelMessage(MessagePhase.Request, token, 0, 0);
            Emit(ref next, _isExplaining ? $"tab{i} sends {token}{(begins ? "" : " again")}" : null);
        }
    }

    private bool IsAnotherBehind(in ModelState state, byte held)
    {
        for (var i = 0; i < TabCount; i++)
        {
            if (state.Tabs[i].Phase == TabPhase.Idle && state.Stores[_environment.Stores[i]] < held)
            {
                return true;
            }
        }

        return false;
    }

    private void MessagesArrive(ref ModelState state)
    {
        for (var i = 0; i < TabCount; i++)
        {
            switch (state.Messages[i].Phase)
            {
                case MessagePhase.Request:
                    RequestArrives(ref state, i);
                    break;
                case MessagePhase.Unavailable:
                    var next = state;
                    next.Messages[i] = default;
                    next.Tabs[i] = MakeRetry(state.Messages[i].Token, 1);
                    Emit(ref next, _isExplaining ? $"tab{i} gets 503" : null);
                    break;
                case MessagePhase.Answer:
                    AnswerArrives(ref state, i);
                    break;
            }
        }
    }

    private void RequestArrives(ref ModelState state, int i)
    {
        for (var node = 0; node < (AreNodesAlike(ref state) ? 1 : 2); node++)
        {
            var next = state;
            var token = state.Messages[i].Token;
            next.Messages[i] = default;
            next.Nodes[node].Queue.Add(new ModelRequest((byte)i, token, 0, 0));
            Emit(ref next, _isExplaining ? $"{token} from tab{i} arrives (node {node})" : null);
        }
    }

    private void AnswerArrives(ref ModelState state, int i)
    {
        var answer = state.Messages[i];
        var store = _environment.Stores[i];
        var takes = _environment.Keep switch
        {
            KeepRule.Latest => true,
            KeepRule.CompareAndSwap => state.Stores[store] == answer.Token,
            _ => answer.Generation > state.Stores[store],
        };
        var next = state;
        next.Messages[i] = default;
        next.Tabs[i] = default;
        next.Stores[store] = takes ? answer.Generation : state.Stores[store];
        Emit(ref next, _isExplaining ? $"tab{i} gets {answer.Generation}{(takes ? "" : " and drops it")}" : null);

        if (state.Losses > 0 && state.Faults > 0)
        {
            next = state;
            next.Messages[i] = default;
            next.Tabs[i] = MakeRetry(answer.Token, _environment.LongestRetry);
            next.Losses--;
            next.Faults--;
            Emit(ref next, _isExplaining ? $"answer {answer.Generation} to tab{i} is lost" : null);
        }
    }

    private ModelTab MakeRetry(byte token, int bound) => new(TabPhase.Retrying, _environment.RepeatsToken ? token : (byte)0, 0, (byte)bound);

    private bool IsAtRest(in ModelState state)
    {
        for (var i = 0; i < TabCount; i++)
        {
            if (state.Tabs[i].Phase != TabPhase.Idle || state.Messages[i].Phase != MessagePhase.None)
            {
                return false;
            }
        }

        return !IsAnyoneHeld(state);
    }

    private static bool IsAnyoneHeld(in ModelState state) =>
        state.Nodes[0].IsBusy || state.Nodes[1].IsBusy || state.Nodes[0].Queue.Count > 0 || state.Nodes[1].Queue.Count > 0;

    // Nobody waits for anything: would each store's token be taken now?
    private FalseLogout CheckRest(ref ModelState state)
    {
        for (var store = 0; store < StoreCount; store++)
        {
            if (DecideOne(state.Row, state, state.Stores[store], 0).IsRefused)
            {
                _logoutText = $"at rest store{store} holds {state.Stores[store]}, the row is at {state.Row.Generation}";
                return FalseLogout.Unusable;
            }
        }

        return FalseLogout.None;
    }

    private static bool AreNodesAlike(ref ModelState state) =>
        ModelState.AsBytes(ref state.Nodes[0]).SequenceEqual(ModelState.AsBytes(ref state.Nodes[1]));

    private static FalseLogout ToLogout(RotationCase line) => line == RotationCase.Reuse ? FalseLogout.Killed : FalseLogout.Refused;
}
