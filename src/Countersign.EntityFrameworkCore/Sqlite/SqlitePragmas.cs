using System.Data.Common;
using Countersign.EntityFrameworkCore.Stores;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Countersign.EntityFrameworkCore.Sqlite;

/// <summary>Applies SQLite's settings of a connection whenever one is opened. On another provider it does nothing.</summary>
internal sealed class SqlitePragmas : DbConnectionInterceptor
{
    /// <summary>Shared by all contexts: the options of a context that is not pooled are built every time.</summary>
    public static SqlitePragmas Instance { get; } = new();

    /// <summary>
    /// synchronous = FULL: an acknowledged commit survives a power cut; in WAL mode NORMAL does not promise this. busy_timeout: SQLite itself waits for a lock,
    /// in steps of milliseconds, before the provider waits in steps of 150. secure_delete: deleted or replaced content is overwritten with zeros, so the hash
    /// of a deleted account is not in the next backup. It costs writes only where whole pages become free.
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
        // SQLite has no asynchronous input and output. A task would only hide that.
        ConnectionOpened(connection, eventData);
        return Task.CompletedTask;
    }
}
