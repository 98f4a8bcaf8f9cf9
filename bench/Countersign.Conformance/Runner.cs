using System.Diagnostics;
using System.Text;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Reports;
using Countersign.Conformance.Schedules;
using Countersign.Conformance.Servers;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance;

/// <summary>Plays every schedule against every server on every store, one after the other.</summary>
/// <param name="environment">What the machine provides.</param>
/// <param name="size">How much is played.</param>
/// <param name="seed">The seed of all random choices.</param>
/// <param name="time">The clock that measures outages and patience.</param>
/// <param name="output">Receives a line for each row.</param>
internal sealed class Runner(RunEnvironment environment, Size size, int seed, TimeProvider time, TextWriter output)
{
    /// <summary>Several times the duration of the longest schedule on two slow cores.</summary>
    private static readonly TimeSpan LongestSchedule = TimeSpan.FromMinutes(15);

    private Deployment? _deployment;

    /// <param name="servers">The servers, in the order of the report.</param>
    /// <param name="stores">The stores for each server.</param>
    /// <param name="only">The schedules to play; none for all.</param>
    /// <param name="known">Rows of an earlier run: they stay on the card and are not played again.</param>
    /// <param name="save">Receives the card after each row.</param>
    /// <param name="cancellationToken">Ends the run after the current schedule; the card then lacks the rest.</param>
    public async Task<Scorecard> RunAsync(
        IReadOnlyList<Server> servers, IReadOnlyList<StoreKind> stores,
        IReadOnlyCollection<string> only, IReadOnlyList<ScoreRow> known, Action<Scorecard> save,
        CancellationToken cancellationToken)
    {
        output.WriteLine($"conformance: seed {seed}");
        var rows = new List<ScoreRow>(known);
        var schedules = Catalogue.All.Where(schedule => only.Count == 0 || only.Contains(schedule.Name, StringComparer.Ordinal)).ToList();
        foreach (var server in servers)
        {
            foreach (var store in stores)
            {
                // Schedules of one shape follow each other, so that they share a deployment.
                foreach (var schedule in schedules.GroupBy(static schedule => Shape.For(schedule.Needs)).SelectMany(static shape => shape))
                {
                    if (!cancellationToken.IsCancellationRequested
                        && !known.Any(row => row.Server == server.Name && row.Store == store && row.Schedule == schedule.Name))
                    {
                        var row = await PlayAsync(server, store, schedule, cancellationToken);
                        if (!cancellationToken.IsCancellationRequested)
                        {
                            rows.Add(row);
                            save(Card());
                        }
                    }
                }

                await EndAsync();
            }
        }

        return Card();

        Scorecard Card() => new(servers, stores, schedules, [.. rows], seed, known.Count > 0, environment.ClockLibrary is not null, time.GetUtcNow());
    }

    private async Task<ScoreRow> PlayAsync(Server server, StoreKind store, Schedule schedule, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var verdict = WhyNot(server, store, schedule) is { } why ? Verdict.NotApplicable(why) : await TryAsync(server, store, schedule, cancellationToken);
        var row = new ScoreRow(server.Name, store, schedule.Name, verdict, Stopwatch.GetElapsedTime(started), size);
        output.WriteLine(TableReport.Line(row));
        return row;
    }

    private string? WhyNot(Server server, StoreKind store, Schedule schedule) =>
        server.WhyNot(schedule.Needs) is { } reason ? reason
        : store is StoreKind.PostgreSql && !environment.HasPostgreSql ? "PostgreSQL is not installed"
        : schedule.Needs.HasFlag(Needs.ToldClock) && environment.ClockLibrary is null ? "libfaketime is not installed, and the time is too long to wait"
        : store is StoreKind.Sqlite && (schedule.Needs & (Needs.Proxy | Needs.DatabaseProcess)) != 0 ? "the database is a file in the server's own process"
        : store is StoreKind.PostgreSql && schedule.Needs.HasFlag(Needs.File) ? "the named points say more"
        : null;

    private async Task<Verdict> TryAsync(Server server, StoreKind store, Schedule schedule, CancellationToken cancellationToken)
    {
        try
        {
            var shape = Shape.For(schedule.Needs);
            if (_deployment is null || _deployment.Shape != shape || _deployment.Server != server)
            {
                await EndAsync();
                _deployment = await Deployment.StartAsync(server, store, shape, environment);
            }

            var scenario = new Scenario(_deployment, SeedOf(schedule), size, time);
            await schedule.PlayAsync(scenario).WaitAsync(LongestSchedule, cancellationToken);
            return scenario.DoesNotApply is { } why ? Verdict.NotApplicable(why)
                : Verdict.Of([.. scenario.Trials.Select(static trial => trial.Evidence)], schedule.Rule, scenario.Note, scenario.Missed);
        }
        catch (Exception exception) when (exception is InvalidOperationException or TimeoutException or OperationCanceledException or IOException)
        {
            // After a failure the deployment may be in any state.
            await EndAsync();
            return Verdict.Of([], schedule.Rule, null) with { Example = $"the schedule did not end: {exception.Message}" };
        }
    }

    private async Task EndAsync()
    {
        if (_deployment is { } deployment)
        {
            _deployment = null;
            await deployment.DisposeAsync();
        }
    }

    /// <summary>Each schedule has separate random choices, so that it plays the same way alone and among all.</summary>
    private int SeedOf(Schedule schedule) => Encoding.UTF8.GetBytes(schedule.Name).Aggregate(seed, static (value, letter) => unchecked((value * 31) + letter));
}
