using System.Data.Common;
using Countersign.AspNetCore.Endpoints;
using Countersign.Passwords;
using Countersign.Sessions;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class OutageTests
{
    public static TheoryData<Exception, int?> Exceptions => new()
    {
        { new PasswordEngineBusyException(TimeSpan.FromSeconds(7)), 7 },
        { new SessionsUnavailableException("The queue is full."), 1 },
        { new Broken(), 2 },
        { new TimeoutException(), 2 },
        { new InvalidOperationException("wrapped", new InvalidOperationException("twice", new Broken())), 2 },
        { new InvalidOperationException("A fault of ours."), null },
        { new NotSupportedException("A fault of ours."), null },
        { new OperationCanceledException(), null },
    };

    [Theory]
    [MemberData(nameof(Exceptions))]
    public void Is_Exception_TellsOutagesFromFaults(Exception exception, int? seconds)
    {
        var outage = Outage.Is(exception, out var retryAfter);

        Assert.Equal(seconds, outage ? (int)retryAfter.TotalSeconds : null);
    }

    private sealed class Broken : DbException;
}
