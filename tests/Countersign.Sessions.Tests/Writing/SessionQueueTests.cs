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

    /// <summary>The clock goes on between two looks: what is not late at the first is at the second.</summary>
    private static void AssertStaysUntilTaken(SessionQueue queue, SessionCommand command)
    {
        var looks = 0;
        Assert.Empty(queue.TakeLate(_ => looks++ > 0));
        Assert.Same(command, Assert.Single(queue.TakeLate(static _ => true)));
    }

    private static RevokeCommand Command() =>
        new(Guid.CreateVersion7(), RevocationReason.LoggedOut) { Arrival = DateTimeOffset.UnixEpoch, ArrivalTimestamp = 0 };
}
