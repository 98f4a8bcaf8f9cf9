using System.Globalization;
using Countersign.Conformance.Clients;
using Countersign.Conformance.Nodes;
using Countersign.Conformance.Verdicts;
using Countersign.Harness;

namespace Countersign.Conformance.Schedules;

/// <summary>The stage of a schedule: a deployment, random choices, and the trials so far.</summary>
internal sealed class Scenario(Deployment deployment, int seed, Size size, TimeProvider time)
{
    private const int SessionsPerAccount = 10;
    private const int Parallel = 8;
    private const int MostAttempts = 5;

    /// <summary>How long an app tries before it tells its user that something is wrong.</summary>
    private static readonly TimeSpan ClientPatience = TimeSpan.FromSeconds(30);

    private static int _accounts;

    private readonly Random _random = new(seed);
    private readonly List<Trial> _trials = [];

    public Deployment Deployment => deployment;

    public ServerHttpClient Http => deployment.Http;

    public Uri Node => deployment.Address;

    public bool IsShort => size is not Size.Full;

    public TimeProvider Time => time;

    public Random Random => _random;

    public IReadOnlyList<Trial> Trials => _trials;

    /// <summary>A note for the report beside the verdict.</summary>
    public string? Note { get; set; }

    /// <summary>Why the schedule does not apply here, if only playing shows it; otherwise null.</summary>
    public string? DoesNotApply { get; set; }

    /// <summary>What should have happened and did not, so that playing shows nothing and the schedule fails; otherwise null.</summary>
    public string? Missed { get; set; }

    /// <summary>A number of trials: the second with <c>--quick</c>.</summary>
    public int Count(int full, int quick) => size switch
    {
        Size.Full => full,
        Size.Quick => quick,
        _ => Math.Max(2, quick / 5),
    };

    /// <summary>Logs in, once for each trial.</summary>
    /// <param name="count">The number of trials.</param>
    /// <param name="isAlone">Whether each has a separate account.</param>
    public async Task<IReadOnlyList<Trial>> LogInAsync(int count, bool isAlone = false)
    {
        var clients = new Client[count];
        int perAccount = isAlone ? 1 : SessionsPerAccount;
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, (count + perAccount - 1) / perAccount), new ParallelOptions { MaxDegreeOfParallelism = Parallel },
            async (group, _) =>
            {
                var account = await RegisterAsync();
                for (int session = group * perAccount; session < Math.Min(count, (group + 1) * perAccount); session++)
                {
                    var reply = await PrepareAsync(() => Http.LogInAsync(Node, account), "log in");
                    clients[session] = new Client(Http, account, reply.Pair ?? throw new InvalidOperationException("A login without tokens."));
                }
            });

        Trial[] trials = [.. clients.Select(client => new Trial(client, new Random(_random.Next())))];
        _trials.AddRange(trials);
        return trials;
    }

    /// <summary>Plays a step in every trial, some at a time.</summary>
    public static Task EachAsync(IEnumerable<Trial> trials, Func<Trial, Task> step, int parallel = Parallel) =>
        System.Threading.Tasks.Parallel.ForEachAsync(trials, new ParallelOptions { MaxDegreeOfParallelism = parallel }, async (trial, _) => await step(trial));

    /// <summary>The time between two refreshes of an app in use. If clocks can't be set: the shortest time after which a refresh makes a new token.</summary>
    public TimeSpan Interval => deployment.Clocks.CanBeTold ? Rounds.Interval : Rounds.Fresh;

    public Task PassAsync(TimeSpan time) => deployment.Clocks.PassAsync(time);

    /// <summary>The honest client refreshes like an app, and must not be refused.</summary>
    /// <param name="trial">The trial.</param>
    /// <param name="when">The place in the schedule, for the report.</param>
    /// <param name="ifRefused">The fact that a refusal means.</param>
    /// <param name="node">The node; null for the first node.</param>
    public async Task<Reply> GoOnAsync(Trial trial, string when, Fact ifRefused = Fact.FalseLogout, Uri? node = null)
    {
        var reply = await trial.Client.RefreshAsync(node ?? Node, trial.Evidence, ClientPatience, time);
        trial.Evidence.Expect(reply, ifRefused, when);
        if (reply.IsTransient)
        {
            trial.Evidence.Note(ifRefused, $"{when}: {reply} for {ClientPatience.TotalSeconds:0} s");
        }

        return reply;
    }

    /// <summary>The same in every trial for some rounds, with the lifetime of an access token between them.</summary>
    public async Task LiveOnAsync(IReadOnlyList<Trial> trials, int rounds, Fact ifRefused = Fact.FalseLogout)
    {
        for (int round = 1; round <= rounds; round++)
        {
            await PassAsync(Interval);
            await EachAsync(trials, trial => GoOnAsync(trial, $"refresh {round} after it", ifRefused));
        }
    }

    private async Task<Account> RegisterAsync()
    {
        Account? account = null;
        await PrepareAsync(
            () =>
            {
                // A new account at each try: the one before may exist by now.
                account = new Account(string.Create(CultureInfo.InvariantCulture, $"u{Interlocked.Increment(ref _accounts)}@example.com"));
                return Http.RegisterAsync(Node, account);
            },
            "register");
        return account!;
    }

    /// <summary>On a busy machine hashing waits behind everything else. It is not the subject of a schedule, so it is tried several times.</summary>
    private static async Task<Reply> PrepareAsync(Func<Task<Reply>> requestAsync, string what)
    {
        for (int attempt = 1; ; attempt++)
        {
            var reply = await requestAsync();
            if (reply.IsGood)
            {
                return reply;
            }

            if (!reply.IsTransient || attempt == MostAttempts)
            {
                throw new InvalidOperationException($"An honest person could not {what}: {reply}.");
            }

            await Task.Delay(TimeSpan.FromSeconds(1));
        }
    }
}
