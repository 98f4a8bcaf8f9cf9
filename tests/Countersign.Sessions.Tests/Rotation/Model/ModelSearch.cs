using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>How a client was logged out for nothing.</summary>
internal enum FalseLogout
{
    None,

    /// <summary>Its token was taken for reuse.</summary>
    Killed,

    /// <summary>Its token was refused.</summary>
    Refused,

    /// <summary>At rest it holds a token that would be refused.</summary>
    Unusable,
}

/// <summary>What a search found.</summary>
/// <param name="Logout">The false logout; none if no schedule leads to one, all states searched.</param>
/// <param name="Schedule">The shortest schedule that leads there.</param>
/// <param name="States">How many states were seen.</param>
/// <param name="MostAcceptable">The most refresh tokens that were acceptable at one moment.</param>
/// <param name="Elapsed">How long the search took.</param>
internal sealed record ModelResult(FalseLogout Logout, IReadOnlyList<string> Schedule, int States, int MostAcceptable, TimeSpan Elapsed)
{
    /// <summary>The verdict as the tables of the model write it: "-", or the kind's first letter and the schedule's length.</summary>
    public string Verdict => Logout == FalseLogout.None
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{char.ToLowerInvariant(Logout.ToString()[0])}{Schedule.Count}");

    /// <summary>One line for a table, and the schedule below it.</summary>
    public string Describe(string name)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"{name,-48} {Verdict,-4} {States,9:N0} states, {Elapsed.TotalSeconds:F1} s")
            .Append(CultureInfo.InvariantCulture, $", {MostAcceptable} acceptable at most");
        for (var i = 0; i < Schedule.Count; i++)
        {
            text.AppendLine().Append(CultureInfo.InvariantCulture, $"    {i + 1,2}. {Schedule[i]}");
        }

        return text.ToString();
    }
}

/// <summary>Searches breadth first, so that the first schedule found is a shortest one.</summary>
/// <remarks>
/// Honest clients only. A request travels to either of two nodes, waits in its writer's queue in order of arrival, is decided in a batch (any prefix of the
/// queue) under the row's lock and committed. A commit may hang with the lock held and nothing visible, or be visible while its node is not told: up to the
/// bound that is free, beyond it a fault. Answers may be late, reordered or lost; the database may go away, or back to an earlier state.
/// </remarks>
internal sealed class ModelSearch
{
    // The largest search has three million. One that grows beyond this would take all memory.
    private const int StateLimit = 8_000_000;

    private readonly StateTable _table = new();
    private readonly ModelSteps _steps;
    private int _current;

    private ModelSearch(ModelEnvironment environment, ModelVariant variant) =>
        _steps = new ModelSteps(environment, variant, (ref ModelState state) => _table.Add(ref state, _current));

    public static ModelResult Run(ModelEnvironment environment, ModelVariant? variant = null) =>
        new ModelSearch(environment, variant ?? new()).Run();

    private ModelResult Run()
    {
        var started = Stopwatch.GetTimestamp();
        var first = _steps.CreateFirst();
        _table.Add(ref first, -1);
        var most = 0;
        for (_current = 0; _current < _table.Count; _current++)
        {
            Assert.True(_table.Count <= StateLimit, "The search does not end.");
            var state = _table[_current];
            most = Math.Max(most, _steps.CountAcceptable(state));
            var logout = _steps.Expand(ref state);
            if (logout != FalseLogout.None)
            {
                return new(logout, Trace(_current, logout), _table.Count, most, Stopwatch.GetElapsedTime(started));
            }
        }

        return new(FalseLogout.None, [], _table.Count, most, Stopwatch.GetElapsedTime(started));
    }

    // Labels are not kept: each step of the schedule is taken once more, and says what it is.
    private List<string> Trace(int last, FalseLogout logout)
    {
        var path = new Stack<int>();
        for (var index = last; index >= 0; index = _table.ParentOf(index))
        {
            path.Push(index);
        }

        var schedule = new List<string>();
        var state = _table[path.Pop()];
        while (path.TryPop(out var index))
        {
            var next = _table[index];
            schedule.Add(_steps.Explain(ref state, ref next));
            state = next;
        }

        schedule.Add(_steps.Explain(ref state, logout));
        return schedule;
    }
}
