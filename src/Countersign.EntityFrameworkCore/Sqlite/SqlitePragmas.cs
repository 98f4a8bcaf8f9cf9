using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>Sets what SQLite keeps per connection, each time one is opened. On another provider it does nothing.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>One for all: options are built again for every context that is not pooled.</summary>
    public static SqlitePragmas Instance { get; } = new();

    /// <summary>
    /// FULL: a commit that was acknowledged survives a power cut, which NORMAL does not promise in WAL mode. The time-out lets SQLite itself wait for a lock,
    /// in steps of milliseconds, before the provider begins to wait in steps of 150. What is deleted or replaced is overwritten with zeros, so that the hash of a deleted
    /// account is not in the next backup; that costs writes only where whole pages become free.
    /// </summary>
    private const string Statements = "PRAGMA synchronous = FULL; PRAGMA busy_timeout = 2000; PRAGMA secure_delete = ON;";

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        if (!SqliteProvider.Is(eventData.Context))
        {
            return;
        }

        using var command = connection.CreateCommand();
        command.CommandText = Statements;
        command.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public override Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        // SQLite has no asynchronous input and output: a task would only hide that.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
