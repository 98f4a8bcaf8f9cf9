using System.Data.Common;
using Countersign.AspNetCore.Endpoints;
using Countersign.Passwords;
using Countersign.AspNetCore.Tests.Support;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Refusals;
using Countersign.Sessions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

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

    /// <summary>T-04: refusals come by the hundred a second in a flood of logins.</summary>
    [Fact]
    public async Task InvokeAsync_EngineBusy_503WithoutAWarning()
    {
        using var lines = new LogLines();
        using var logging = LoggerFactory.Create(builder => builder.AddProvider(lines));
        var filter = new OutageFilter(logging.CreateLogger<OutageFilter>());
        var context = new DefaultEndpointFilterInvocationContext(new DefaultHttpContext());

        var answer = await filter.InvokeAsync(context, static _ => throw new PasswordEngineBusyException(TimeSpan.FromSeconds(7)));

        Assert.IsType<ProblemResult>(answer);
        Assert.False(lines.Has(3101));

        await filter.InvokeAsync(context, static _ => throw new TimeoutException());
        Assert.True(lines.Has(3101));
    }

    private sealed class Broken : DbException;
}
