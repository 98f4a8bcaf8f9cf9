using Countersign.Conformance.Clients;
using Countersign.Harness;

namespace Countersign.Conformance.Verdicts;

/// <summary>The facts of one trial. Safe for use by many threads.</summary>
internal sealed class Evidence
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Fact, string> _facts = [];

    /// <summary>Each fact once, with its first example.</summary>
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

    /// <summary>Adds what is wrong with any answer: a fault, or no answer.</summary>
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

    /// <summary>Adds what is wrong with the answer to an honest client's refresh.</summary>
    /// <param name="reply">The answer.</param>
    /// <param name="ifRefused">The fact that a refusal means.</param>
    /// <param name="when">The place in the schedule, for the report.</param>
    public void Expect(Reply reply, Fact ifRefused, string when)
    {
        Saw(reply);
        if (reply.Kind is ReplyKind.Refused)
        {
            Note(ifRefused, $"{when}: {reply}");
        }
    }
}
