using System.Data.Common;
using Countersign.AspNetCore.Endpoints;
using Countersign.Passwords;
using Countersign.AspNetCore.Tests.Support;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
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

    /// <summary>What a database says, and what of it is known when the same request would meet it again; null for what passes.</summary>
    public static TheoryData<string?, string, string?> Failures => new()
    {
        { null, "SQLite Error 19: 'NOT NULL constraint failed: AspNetUsers.Company'.", "19 AspNetUsers.Company NOT NULL" },
        { null, "SQLite Error 19: 'UNIQUE constraint failed: AspNetUsers.A, AspNetUsers.B'.", "19 AspNetUsers.A UNIQUE" },
        { null, "SQLite Error 19: 'CHECK constraint failed: Company IS NOT NULL'.", "19 . CHECK" },
        { null, "SQLite Error 19: 'FOREIGN KEY constraint failed'.", "19 . FOREIGN KEY" },
        { null, "SQLite Error 19: 'said by a trigger'.", "19 . " },
        { null, "SQLite Error 1: 'no such column: u.Company'.", "1 . " },
        { null, "SQLite Error 20: 'datatype mismatch'.", "20 . " },
        { null, "SQLite Error 1: 'no such table: AspNetUsers'.", null },
        { null, "SQLite Error 5: 'database is locked'.", null },
        { null, "SQLite Error 6: 'database table is locked'.", null },
        { null, "SQLite Error 8: 'attempt to write a readonly database'.", null },
        { null, "SQLite Error 10: 'disk I/O error'.", null },
        { null, "SQLite Error 13: 'database or disk is full'.", null },
        { null, "SQLite Error 14: 'unable to open database file'.", null },
        { null, "Failed to connect to 127.0.0.1:5432", null },
        { "23502", "", "23502 . " },
        { "23505", "", "23505 . " },
        { "22001", "", "22001 . " },
        { "42703", "", "42703 . " },
        { "42501", "", "42501 . " },
        { "P0001", "", "P0001 . " },
        { "42P01", "", null },
        { "42P05", "", null },
        { "08006", "", null },
        { "0A000", "", null },
        { "25006", "", null },
        { "26000", "", null },
        { "40001", "", null },
        { "40P01", "", null },
        { "53100", "", null },
        { "53300", "", null },
        { "55P03", "", null },
        { "57014", "", null },
        { "57P01", "", null },
        { "58030", "", null },
        { "XX000", "", null },
    };

    [Theory]
    [MemberData(nameof(Failures))]
    public void Find_FailureOfADatabase_IsAFaultOnlyWhereNoRetryMendsIt(string? state, string message, string? expected)
    {
        var exception = new InvalidOperationException("wrapped", new Failure(message, state));

        var fault = DatabaseFault.Find(exception);

        Assert.Equal(expected, fault is null ? null : $"{fault.Code} {fault.Table}.{fault.Column} {fault.Constraint}");
        Assert.Equal(expected is null, Outage.Is(exception, out _));
    }

    private sealed class Broken : DbException;

    private sealed class Failure(string message, string? state) : DbException(message)
    {
        public override string? SqlState => state;
    }
}
