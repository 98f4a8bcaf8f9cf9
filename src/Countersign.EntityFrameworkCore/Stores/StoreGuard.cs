using System.Data.Common;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Stores;

/// <summary>
/// Checks at start that the tables exist, and on SQLite that the file is in WAL mode with <c>synchronous=FULL</c>. Otherwise the service does not start.
/// </summary>
internal sealed class StoreGuard(StoreDatabase database) : IDatabaseCheck
{
    /// <summary>Added to the fault of missing tables, because a migrator that is registered later starts later.</summary>
    private const string MigratorHint =
        " A hosted service that applies migrations must be registered before AddCountersign, or apply them in IHostedLifecycleService.StartingAsync.";

    /// <summary>
    /// With this state PostgreSQL says that the table exists but the database user may not read it. No migration would help, and its message names the table.
    /// </summary>
    private const string InsufficientPrivilege = "42501";

    /// <summary>The names under which a connection string of SQLite has its file.</summary>
    private static readonly string[] FileSettings = ["Data Source", "DataSource", "Filename"];

    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            await store.Context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
            if (SqliteProvider.Is(store.Context))
            {
                await AssertDurableAsync(store, cancellationToken).ConfigureAwait(false);
            }

            await AssertTablesAsync(store, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static async Task AssertDurableAsync(StoreContext store, CancellationToken cancellationToken)
    {
        if (!NamesAFile(store.Context.Database.GetDbConnection().ConnectionString))
        {
            throw new InvalidOperationException(
                "The SQLite database has no file: the context's connection string is missing, or names no Data Source. " +
                "Check the setting that the app reads it from.");
        }

        // The file stores the mode. This query both sets and reads it.
        var mode = await store.QueryAsync("PRAGMA journal_mode = WAL", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
        if (!string.Equals(mode.Single(), "wal", StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidOperationException(
                $"The SQLite database can't be put into WAL mode (it says \"{mode.Single()}\"): " +
                "keep it in a file on a local disk, not in memory or on a network share. In tests use SqliteTestDatabase of the package Countersign.Testing.");
        }

        var synchronous = await store.QueryAsync("PRAGMA synchronous", static reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);
        const long Full = 2;
        if (synchronous.Single() < Full)
        {
            throw new InvalidOperationException(
                "The SQLite connection is not in synchronous=FULL: a power cut could undo acknowledged changes. Remove the code or setting that lowers it.");
        }
    }

    /// <summary>Without a name, SQLite makes a temporary database for each connection.</summary>
    private static bool NamesAFile(string connectionString)
    {
        var settings = new DbConnectionStringBuilder { ConnectionString = connectionString };
        return FileSettings.Any(name => settings.TryGetValue(name, out var file) && file is string { Length: > 0 });
    }

    private static async Task AssertTablesAsync(StoreContext store, CancellationToken cancellationToken)
    {
        try
        {
            await AssertRowAsync(store, store.Tables.FeedHead, cancellationToken).ConfigureAwait(false);
            await AssertRowAsync(store, store.Tables.KeyState, cancellationToken).ConfigureAwait(false);
            await store.QueryAsync(
                $"SELECT name FROM {store.Tables.Leases} LIMIT 1", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
            await store.QueryAsync(
                $"SELECT kind FROM {store.Tables.Mail} LIMIT 1", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
            await store.QueryAsync(
                $"SELECT purpose FROM {store.Tables.MailTokens} LIMIT 1", static reader => reader.GetString(0), cancellationToken).ConfigureAwait(false);
            await store.QueryAsync(
                $"SELECT {SessionColumns.All}, cleanup_at FROM {store.Tables.Sessions} LIMIT 1", SessionColumns.Read, cancellationToken).ConfigureAwait(false);
        }
        catch (DbException exception) when (exception.SqlState is not InsufficientPrivilege)
        {
            var pending = await store.Context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false);
            var names = string.Join(", ", pending);
            throw new InvalidOperationException(
                (names.Length > 0
                    ? $"The database lacks the migrations {names}: apply them before the start."
                    : $"The database lacks Countersign's tables: add a migration of {store.Context.GetType().Name} and apply it.") + MigratorHint,
                exception);
        }
    }

    private static async Task AssertRowAsync(StoreContext store, string table, CancellationToken cancellationToken)
    {
        var rows = await store.QueryAsync($"SELECT id FROM {table} WHERE id = 1", static reader => reader.GetInt64(0), cancellationToken).ConfigureAwait(false);
        if (rows.Count == 0)
        {
            throw new InvalidOperationException(
                $"The only row of the table {table} is missing. The migration that makes the table inserts it: apply the migration, or insert id 1 and zeros.");
        }
    }
}
