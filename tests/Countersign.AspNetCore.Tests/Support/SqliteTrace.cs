using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;
using SQLitePCL;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>Every statement that SQLite runs on the connections of one app, by Entity Framework or past it.</summary>
internal sealed class SqliteTrace : DbConnectionInterceptor
{
    private readonly ConcurrentQueue<string> _statements = new();

    /// <summary>What was run since the last call of <see cref="Clear"/>, without what the app runs whether or not there are requests: the feed.</summary>
    public IReadOnlyList<string> Statements => [.. _statements.Where(static statement =>
        !statement.Contains("PRAGMA", StringComparison.Ordinal)
        && !statement.Contains("countersign_feed_head", StringComparison.Ordinal)
        && !statement.Contains("countersign_revocations", StringComparison.Ordinal)
        && !statement.Contains("countersign_leases", StringComparison.Ordinal))];

    public void Clear() => _statements.Clear();

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData) =>
        raw.sqlite3_trace(((SqliteConnection)connection).Handle, (_, statement) => _statements.Enqueue(statement.utf8_to_string()), null);

    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
