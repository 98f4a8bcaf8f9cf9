using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Tests.Writing;

public sealed class SessionQueueTests
{
    [Fact]
    public void TakeLate_CommandThatBecomesLateMeanwhile_IsStillThere()
    {
        using var queue = new SessionQueue(8);
        var command = Command();
        Assert.True(queue.TryEnqueue(command));

        AssertStaysUntilTaken(queue, command);
    }

    [Fact]
    public void TakeLate_CommandPutBackThatBecomesLateMeanwhile_IsStillThere()
    {
        using var queue = new SessionQueue(8);
        var command = Command();
        Assert.True(command.TryTake());
        queue.PutBack([command]);

        AssertStaysUntilTaken(queue, command);
    }

    [Fact]
    public void TakeLate_CommandsThatTheirCallersGaveUp_LeaveTheirPlaces()
    {
        using var queue = new SessionQueue(1);
        var command = Command();
        Assert.True(queue.TryEnqueue(command));
        Assert.True(command.TryAbandon());
        Assert.False(queue.TryEnqueue(Command()));

        Assert.Empty(queue.TakeLate(static _ => false));

        Assert.True(queue.TryEnqueue(Command()));
    }

    [Fact]
    public async Task Take_MorePutBackThanABatchHolds_NewOnesAreInItToo()
    {
        using var queue = new SessionQueue(64);
        queue.PutBack([.. Enumerable.Range(0, 20).Select(static _ => Taken(Command()))]);
        var fresh = Enqueue(queue, Enumerable.Range(0, 20).Select(static _ => Command()));

        var batch = await queue.TakeAsync(8, CancellationToken.None);

        Assert.Equal(8, batch.Count);
        Assert.Equal(4, batch.Intersect(fresh).Count());
    }

    [Fact]
    public async Task Take_NothingNew_PutBackFillABatchAndTheRestComesByItself()
    {
        using var queue = new SessionQueue(64);
        var waiting = Enumerable.Range(0, 20).Select(static _ => Taken(Command())).ToList();
        queue.PutBack(waiting);

        List<SessionCommand> taken = [];
        while (taken.Count < 20)
        {
            var batch = await queue.TakeAsync(8, CancellationToken.None);
            Assert.InRange(batch.Count, 1, 8);
            taken.AddRange(batch);
        }

        Assert.Equal(waiting, taken);
    }

    /// <summary>What stays behind holds back what came later for the same row, however often batches are made in between.</summary>
    [Fact]
    public async Task Take_PutBackThatStaysBehind_IsTakenBeforeWhatCameLaterForItsRow()
    {
        using var queue = new SessionQueue(64);
        var waiting = Enumerable.Range(0, 20).Select(static _ => Taken(Command())).ToList();
        queue.PutBack(waiting);
        var later = Enqueue(queue, waiting.Select(static command => Command(command.SessionId)));

        List<SessionCommand> taken = [];
        while (taken.Count < 40)
        {
            taken.AddRange(await queue.TakeAsync(8, CancellationToken.None));
        }

        Assert.All(waiting.Zip(later), pair => Assert.True(taken.IndexOf(pair.First) < taken.IndexOf(pair.Second)));
    }

    [Fact]
    public async Task Take_CommandsOfOneRowPutBack_AreTakenTogether()
    {
        using var queue = new SessionQueue(64);
        var first = Command();
        var waiting = Enumerable.Range(0, 12).Select(_ => Taken(Command(first.SessionId))).ToList();
        queue.PutBack(waiting);
        var fresh = Enqueue(queue, Enumerable.Range(0, 4).Select(static _ => Command()));

        Assert.Equal([.. waiting, .. fresh], await queue.TakeAsync(8, CancellationToken.None));
    }

    private static List<SessionCommand> Enqueue(SessionQueue queue, IEnumerable<SessionCommand> commands)
    {
        var fresh = commands.ToList();
        Assert.All(fresh, command => Assert.True(queue.TryEnqueue(command)));
        return fresh;
    }

    private static SessionCommand Taken(SessionCommand command)
    {
        Assert.True(command.TryTake());
        return command;
    }

    /// <summary>The clock goes on between two looks: what is not late at the first is at the second.</summary>
    private static void AssertStaysUntilTaken(SessionQueue queue, SessionCommand command)
    {
        var looks = 0;
        Assert.Empty(queue.TakeLate(_ => looks++ > 0));
        Assert.Same(command, Assert.Single(queue.TakeLate(static _ => true)));
    }

    private static RevokeCommand Command(Guid? id = null) =>
        new(id ?? Guid.CreateVersion7(), RevocationReason.LoggedOut) { Arrival = DateTimeOffset.UnixEpoch, ArrivalTimestamp = 0 };
}
