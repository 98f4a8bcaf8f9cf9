using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.StoreSpecification;

/// <summary>What the suites share: a fresh database, accounts, a clock, and nodes on them.</summary>
/// <param name="database">Removed with the suite.</param>
public abstract class StoreSuite(ITestDatabase database) : IAsyncDisposable
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(500);

    private readonly List<Node> _nodes = [];

    internal AccountDirectory Accounts { get; } = new();

    internal FakeTimeProvider Time { get; } = new(new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero));

    internal string Master { get; set; } = MasterKey.Create();

    /// <summary>An SQL expression for 16 random bytes.</summary>
    protected string FreshBytes => database.FreshBytes;

    /// <summary>Registers the store under test on this test's own database.</summary>
    protected virtual void AddStores(CountersignBuilder builder) => database.AddTo(builder);

    /// <summary>Runs a statement on the database, beside the service.</summary>
    protected Task ExecuteAsync(string sql) => database.ExecuteAsync(sql);

    /// <summary>Counts rows of the database, beside the service.</summary>
    protected Task<long> CountRowsAsync(string table, string condition) => database.CountRowsAsync(table, condition);

    internal Task<Node> StartNodeAsync(Action<IServiceCollection>? configure = null) => StartNodeAsync(Time, configure);

    internal async Task<Node> StartNodeAsync(TimeProvider time, Action<IServiceCollection>? configure = null)
    {
        var node = await Node.StartAsync(AddStores, Accounts, time, Master, configure);
        _nodes.Add(node);
        return node;
    }

    /// <summary>Starts a node whose database can be made slow, or be taken away, and the account "ada".</summary>
    internal async Task<(Node Node, StallingStore Store)> StartStallingAsync()
    {
        Accounts.Add("ada");
        var node = await StartNodeAsync(StallingStore.Decorate);
        return (node, (StallingStore)node.Store);
    }

    /// <summary>Lets days pass at once: the clock is put forward and no timer runs, of which there would be millions.</summary>
    internal void Pass(TimeSpan time) => Time.AdjustTime(Time.GetUtcNow() + time);

    /// <summary>Turns the clock until something has come about: timers of the service run on it.</summary>
    internal async Task AdvanceUntilAsync(Func<bool> condition)
    {
        var turns = 0;
        await Patience.UntilAsync(async () =>
        {
            if (condition())
            {
                return true;
            }

            // A machine that is busy with other work does little between two turns of the clock, which must not run away from it.
            Time.Advance(Step);
            await Task.Delay(turns++ < 200 ? 10 : 250);
            return condition();
        });
    }

    /// <summary>
    /// As the other, and turns the clock no further than it may take. The last two seconds go by slowly, so that no timer is late for want of a
    /// processor.
    /// </summary>
    internal async Task AdvanceUntilAsync(Func<bool> condition, TimeSpan atMost)
    {
        for (var left = atMost; left > TimeSpan.Zero && !condition(); left -= Step)
        {
            Time.Advance(Step);
            for (var i = 0; i < (left > TimeSpan.FromSeconds(2) ? 1 : 25) && !condition(); i++)
            {
                await Task.Delay(10);
            }
        }

        await Patience.UntilAsync(condition);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            await node.DisposeAsync();
        }

        await database.DisposeAsync();
        GC.SuppressFinalize(this);
    }
}
