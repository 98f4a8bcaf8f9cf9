using Countersign.Conformance.Clients;
using Countersign.Harness;

namespace Countersign.Conformance.Verdicts;

/// <summary>What was seen in one trial. Safe for use by many threads.</summary>
internal sealed class Evidence
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Fact, string> _facts = [];

    /// <summary>Each fact once, with the first thing that showed it.</summary>
    public IReadOnlyDictionary<Fact, string> Facts
    {
        get
        {
            lock (_gate)
            {
                return new Dictionary<Fact, string>(_facts);
            }
        }
    }

    public void Note(Fact fact, string how)
    {
        lock (_gate)
        {
            _facts.TryAdd(fact, how);
        }
    }

    /// <summary>Notes what is wrong with an answer wherever it comes: a fault, or none at all.</summary>
    public void Saw(Reply reply)
    {
        if (reply.Kind is ReplyKind.Fault)
        {
            Note(Fact.ServerFault, reply.ToString());
        }
        else if (reply.Kind is ReplyKind.Hung)
        {
            Note(Fact.Hang, $"no answer in {ServerHttpClient.Patience.TotalSeconds:0} s");
        }
    }

    /// <summary>Notes what an honest client holds against an answer to its refresh.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="ifRefused">What a refusal is.</param>
    /// <param name="when">Where in the schedule, for the report.</param>
    public void Expect(Reply reply, Fact ifRefused, string when)
    {
        Saw(reply);
        if (reply.Kind is ReplyKind.Refused)
        {
            Note(ifRefused, $"{when}: {reply}");
        }
    }
}
