using Countersign.EntityFrameworkCore.Accounts;

namespace Countersign.EntityFrameworkCore.Tests.Accounts;

public sealed class GatheredReadsTests
{
    private readonly List<(List<int> Keys, TaskCompletionSource Goes)> _queries = [];
    private readonly GatheredReads<int, string> _reads;

    public GatheredReadsTests() => _reads = new GatheredReads<int, string>(async keys =>
    {
        var goes = new TaskCompletionSource();
        lock (_queries)
        {
            _queries.Add((keys, goes));
        }

        await goes.Task;
        return keys.Where(static key => key > 0).ToDictionary(static key => key, static key => $"row {key}");
    });

    [Fact]
    public async Task ReadAsync_NoQueryRuns_BeginsOneAtOnce()
    {
        var read = _reads.ReadAsync(7, CancellationToken.None);

        Assert.Equal([7], Query(0).Keys);
        Query(0).Goes.SetResult();
        Assert.Equal("row 7", await read);
    }

    [Fact]
    public async Task ReadAsync_QueriesRun_JoinsNoneOfThemButTheNext()
    {
        Task<string?>[] first = [Read(1), Read(2)];
        Task<string?>[] later = [Read(1), Read(3), Read(-4), Read(3)];
        Assert.Equal(2, _queries.Count);

        Query(0).Goes.SetResult();
        await UntilAsync(() => _queries.Count == 3);
        Assert.Equal([1, 3, -4], Query(2).Keys);
        Assert.DoesNotContain(later, static read => read.IsCompleted);
        Query(1).Goes.SetResult();
        Query(2).Goes.SetResult();

        Assert.Equal("row 1, row 2", string.Join(", ", await Task.WhenAll(first)));
        Assert.Equal("row 1, row 3, , row 3", string.Join(", ", await Task.WhenAll(later)));
    }

    [Fact]
    public async Task ReadAsync_AQueryFails_FailsThoseAloneWhoAskedIt()
    {
        Task<string?>[] first = [Read(1), Read(2)];
        var later = Read(3);

        Query(0).Goes.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => first[0]);
        await UntilAsync(() => _queries.Count == 3);
        Query(1).Goes.SetResult();
        Query(2).Goes.SetResult();

        Assert.Equal("row 2", await first[1]);
        Assert.Equal("row 3", await later);
    }

    [Fact]
    public async Task ReadAsync_ACallerLeaves_TheOthersAreAnswered()
    {
        using var leaves = new CancellationTokenSource();
        Task<string?>[] running = [Read(1), Read(2)];
        var left = _reads.ReadAsync(3, leaves.Token);
        var stays = Read(4);

        await leaves.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left);
        Query(0).Goes.SetResult();
        await UntilAsync(() => _queries.Count == 3);
        Query(1).Goes.SetResult();
        Query(2).Goes.SetResult();

        Assert.Equal("row 4", await stays);
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task ReadAsync_QueryForOthers_RunsInNobodysContext()
    {
        AsyncLocal<string> whose = new();
        TaskCompletionSource goes = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string?> seen = [];
        var reads = new GatheredReads<int, string>(async _ =>
        {
            lock (seen)
            {
                seen.Add(whose.Value);
            }

            await goes.Task;
            return new Dictionary<int, string>();
        });
        whose.Value = "the first";
        Task<string?>[] first = [reads.ReadAsync(1, CancellationToken.None), reads.ReadAsync(2, CancellationToken.None)];
        whose.Value = "another";
        var later = reads.ReadAsync(3, CancellationToken.None);

        goes.SetResult();
        await Task.WhenAll([.. first, later]);

        Assert.Equal(3, seen.Count);
        Assert.Null(seen[2]);
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        for (int count = 0; count < 1000 && !condition(); count++)
        {
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.True(condition());
    }

    private Task<string?> Read(int key) => _reads.ReadAsync(key, CancellationToken.None);

    private (List<int> Keys, TaskCompletionSource Goes) Query(int number)
    {
        lock (_queries)
        {
            return _queries[number];
        }
    }
}
