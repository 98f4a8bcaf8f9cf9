using Countersign.Sessions;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What the feed of every store does: numbers in the order of commits, pages by age and by number, lines that are put back.</summary>
public abstract class FeedSpecification(ITestDatabase database) : StoreSuite(database)
{
    private DateTimeOffset Now => Time.GetUtcNow();

    [Fact]
    public async Task Read_EightWritersWhileOneReads_EveryLineOnceInTheOrderOfItsNumber()
    {
        const int Writers = 8;
        const int Commits = 40;
        const int LinesOfACommit = 3;
        var nodes = new[] { await StartNodeAsync(), await StartNodeAsync() };
        await using var connection = await nodes[0].Feed.ConnectAsync(CancellationToken.None);
        List<RevocationEntry> seen = [];
        var writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < Commits; i++)
            {
                await AppendAsync(nodes[writer % nodes.Length], [.. Enumerable.Range(0, LinesOfACommit).Select(_ => Line(Now))]);
            }
        })));

        bool isOver;
        do
        {
            isOver = writing.IsCompleted;
            var after = seen.Count == 0 ? 0 : seen[^1].Sequence;
            seen.AddRange((await connection.ReadAsync(after, 100, CancellationToken.None)).Entries);
        }
        while (!isOver || seen.Count < (await connection.ReadAsync(long.MaxValue, 1, CancellationToken.None)).Head);

        await writing;
        Assert.Equal(Enumerable.Range(1, Writers * Commits * LinesOfACommit).Select(static number => (long)number), seen.Select(static line => line.Sequence));
        Assert.Equal(seen.Count, seen.Select(static line => line.SessionId).Distinct().Count());
    }

    [Fact]
    public async Task Read_AfterTheHead_HeadAndNothingElse()
    {
        var node = await StartNodeAsync();
        await AppendAsync(node, Line(Now), Line(Now));

        var page = await node.Feed.ReadAsync(long.MaxValue);

        Assert.Empty(page.Entries);
        Assert.Equal(2, page.Head);
        Assert.Equal(0, page.Epoch);
    }

    [Fact]
    public async Task Load_PageByPage_EveryLineThatIsYoungEnoughOnceByAge()
    {
        var node = await StartNodeAsync();
        var young = new[] { Line(Now.AddMinutes(-2)), Line(Now.AddMinutes(-3)), Line(Now), Line(Now), Line(Now), Line(Now.AddMinutes(1)) };
        await AppendAsync(node, [Line(Now.AddMinutes(-10)), .. young, Line(Now.AddMinutes(-4).AddTicks(-1))]);
        await using var connection = await node.Feed.ConnectAsync(CancellationToken.None);

        List<RevocationEntry> loaded = [];
        var position = FeedPosition.Before(Now.AddMinutes(-4));
        while (await connection.LoadAsync(position, 2, CancellationToken.None) is { Entries: { Count: > 0 } some })
        {
            Assert.InRange(some.Count, 1, 2);
            loaded.AddRange(some);
            position = FeedPosition.Of(some[^1]);
        }

        Assert.Equal(young.Select(static line => line.SessionId).Order(), loaded.Select(static line => line.SessionId).Order());
        Assert.Equal(loaded.OrderBy(static line => line.RevokedAt).ThenBy(static line => line.Sequence), loaded);
    }

    [Fact]
    public async Task WriteBack_LinesThatAreThereAndLinesThatAreNot_OnlyTheLatterWithNewNumbers()
    {
        var node = await StartNodeAsync();
        var there = Line(Now.AddMinutes(-5));
        var gone = new[] { Line(Now.AddMinutes(-4)), Line(Now.AddMinutes(-3)) };
        await AppendAsync(node, there, Line(Now));

        Assert.Equal(2, await node.Feed.WriteBackAsync(default, [there, .. gone]));
        Assert.Equal(0, await node.Feed.WriteBackAsync(default, [there, .. gone]));

        var page = await node.Feed.ReadAsync(2);
        Assert.Equal(4, page.Head);
        Assert.Equal(
            gone.Select(static line => (line.SessionId, line.Reason, line.RevokedAt)),
            page.Entries.Select(static line => (line.SessionId, line.Reason, line.RevokedAt)));
        Assert.Equal([3L, 4L], page.Entries.Select(static line => line.Sequence));
    }

    [Fact]
    public async Task WriteBack_ManyNodesAtOnce_EachLineOnceAndNoNumberTwice()
    {
        var nodes = new[] { await StartNodeAsync(), await StartNodeAsync() };
        var lines = Enumerable.Range(0, 30).Select(i => Line(Now.AddSeconds(-i))).ToArray();

        var written = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(() => nodes[i % 2].Feed.WriteBackAsync(default, lines))));

        Assert.Equal(lines.Length, written.Sum());
        var page = await nodes[0].Feed.ReadAsync(0);
        Assert.Equal(lines.Length, page.Head);
        Assert.Equal(lines.Select(static line => line.SessionId).Order(), page.Entries.Select(static line => line.SessionId).Order());
    }

    [Fact]
    public async Task WriteBack_SessionThatTheDatabaseTakesForLive_EndsIt()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var lost = await node.LogInAsync("ada");
        var live = await node.LogInAsync("ada");

        await node.Feed.WriteBackAsync(default, new RevocationEntry(0, lost.Session.Id, RevocationReason.PasswordChanged, Now.AddSeconds(-3)));

        var session = (await node.Sessions.FindAsync(lost.Session.Id))!;
        Assert.Equal(RevocationReason.PasswordChanged, session.State.RevokedReason);
        Assert.Equal(Now.AddSeconds(-3), session.State.RevokedAt);
        Assert.Null((await node.Sessions.FindAsync(live.Session.Id))!.State.RevokedAt);
    }

    [Fact]
    public async Task WriteBack_Epoch_IsRaisedAndNeverLowered()
    {
        var node = await StartNodeAsync();

        await node.Feed.WriteBackAsync(new FeedMark(3, 0));
        await node.Feed.WriteBackAsync(new FeedMark(2, 0));

        var page = await node.Feed.ReadAsync(0);
        Assert.Equal(3, page.Epoch);
        Assert.Equal(0, page.Head);
    }

    [Fact]
    public async Task WriteBack_NumbersThatTheDatabaseHasLost_GoOnAboveThemAndOldTokensAreStale()
    {
        var node = await StartNodeAsync();
        await AppendAsync(node, Line(Now), Line(Now));

        await node.Feed.WriteBackAsync(new FeedMark(0, 2));
        var same = await node.Feed.ReadAsync(0);
        await node.Feed.WriteBackAsync(new FeedMark(0, 9), Line(Now));
        await node.Feed.WriteBackAsync(new FeedMark(0, 5));

        var page = await node.Feed.ReadAsync(2);
        Assert.Equal((2, 0), (same.Head, same.StaleBefore));
        Assert.Equal((11, 10), (page.Head, page.StaleBefore));
        Assert.Equal(11, Assert.Single(page.Entries).Sequence);
    }

    [Fact]
    public async Task Start_LongHistory_HoldsWhatCanMatter()
    {
        var node = await StartNodeAsync();
        var young = Line(Now.AddMinutes(-74));
        await AppendAsync(node, [.. Enumerable.Range(0, 12_000).Select(i => Line(Now.AddMinutes(-76).AddSeconds(-i)))]);
        await AppendAsync(node, young);

        var restarted = await StartNodeAsync();

        Assert.Equal(1, restarted.Revocations.Count);
        Assert.True(restarted.Revocations.TryFind(young.SessionId, out _));
        Assert.Equal(1, restarted.Feed.Loads);
    }

    [Fact]
    public async Task Start_MoreThanAPageThatMatters_HoldsAll()
    {
        var node = await StartNodeAsync();
        var young = Enumerable.Range(0, 12_000).Select(i => Line(Now.AddMilliseconds(-i))).ToArray();
        await AppendAsync(node, young);

        var restarted = await StartNodeAsync();

        Assert.Equal(young.Length, restarted.Revocations.Count);
        Assert.All(young, line => Assert.True(restarted.Revocations.TryFind(line.SessionId, out _)));
    }

    [Fact]
    public async Task Start_ReasonThatALaterVersionKnows_SessionIsOver()
    {
        var node = await StartNodeAsync();
        var line = Line(Now) with { Reason = (RevocationReason)99 };
        await AppendAsync(node, line);

        var restarted = await StartNodeAsync();

        Assert.True(restarted.Revocations.TryFind(line.SessionId, out var reason));
        Assert.Equal(RevocationReason.Administrator, reason);
    }

    [Fact]
    public async Task Start_Epoch_RefusesTokensOfALowerOne()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await ExecuteAsync("UPDATE countersign_feed_head SET epoch = 1");

        var restarted = await StartNodeAsync();

        Assert.False(restarted.Validator.TryValidate(tokens.AccessToken, out _, out var error));
        Assert.Equal(Tokens.TokenError.EpochRevoked, error);
        await AdvanceUntilAsync(() => node.Revocations.Epoch == 1);
    }

    private static RevocationEntry Line(DateTimeOffset at) => new(0, Guid.CreateVersion7(at), RevocationReason.LoggedOut, at);

    private static async Task AppendAsync(Node node, params RevocationEntry[] lines)
    {
        var changes = new SessionChanges();
        foreach (var line in lines)
        {
            changes.Revocations.Add(line);
        }

        await node.Store.RunAsync((transaction, cancellationToken) => transaction.SaveAsync(changes, cancellationToken), CancellationToken.None);
    }
}
