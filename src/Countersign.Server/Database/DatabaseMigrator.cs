using Countersign.Server.Configuration;
using Countersign.Sessions.Keys;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql;

namespace Countersign.Server.Database;

/// <summary>Brings the database to this version's tables.</summary>
internal sealed class DatabaseMigrator(ServerDbContext context, ServerSettings settings, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    // Longer than any migration takes; a second server at the same database waits so long for the first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Applies what is missing, one process at a time.</summary>
    /// <returns>The names of the migrations that were applied; empty if the database was up to date.</returns>
    /// <exception cref="NewerDatabaseException">A newer version has written the database.</exception>
    /// <exception cref="MigrationNotAllowedException">Migrations are missing, and the account of the connection string may not apply them.</exception>
    /// <exception cref="TimeoutException">Another process is migrating the database and does not come to an end.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (settings.DatabaseFile is { } file)
        {
            MasterKeyFile.MakeDirectory(Path.GetDirectoryName(file)!);
            using var exclusive = await MigrationLock.AcquireAsync(file, Patience, time, cancellationToken).ConfigureAwait(false);
            PrivateFile.MakeEmpty(file);
            WarnOfOpenFiles(file);
            if (await MigrationLock.ClearAbandonedRowAsync(context, cancellationToken).ConfigureAwait(false))
            {
                Log.AbandonedMigrationLockCleared(logger, file);
            }

            return await ApplyAsync(cancellationToken).ConfigureAwait(false);
        }

        var alone = await PostgreSqlMigrationLock.AcquireAsync(context, settings.DatabaseLabel, Patience, cancellationToken).ConfigureAwait(false);
        await using (alone.ConfigureAwait(false))
        {
            await MakeHistoryAsync(cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void WarnOfOpenFiles(string file)
    {
        foreach (var open in new[] { file, file + "-wal", file + "-shm" }.Where(PrivateFile.IsOpenToOthers))
        {
            Log.DatabaseOpenToOthers(logger, open);
        }
    }

    /// <summary>
    /// Makes PostgreSQL's table of applied migrations where there is none: else every question about it fails before it is made, and each failure stands in the
    /// log of a first start.
    /// </summary>
    private async Task MakeHistoryAsync(CancellationToken cancellationToken)
    {
        // CREATE TABLE IF NOT EXISTS is refused to those who may not make tables even where the table is there: the account that serves need not be one who may.
        var isThere = await context.Database
            .SqlQuery<bool>($"""SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL AS "Value" """)
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
        if (!isThere)
        {
            await ChangeAsync(
                token => context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(token), context.Database.GetMigrations(), cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes tables, or says what is missing and that the account may not.</summary>
    private async Task ChangeAsync(Func<CancellationToken, Task> change, IEnumerable<string> missing, CancellationToken cancellationToken)
    {
        try
        {
            await change(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException refused) when (refused.SqlState is PostgresErrorCodes.InsufficientPrivilege)
        {
            throw new MigrationNotAllowedException(settings.DatabaseLabel, missing, refused);
        }
    }

    private async Task<IReadOnlyList<string>> ApplyAsync(CancellationToken cancellationToken)
    {
        var applied = await context.Database.GetAppliedMigrationsAsync(cancellationToken).ConfigureAwait(false);
        var unknown = applied.Except(context.Database.GetMigrations(), StringComparer.Ordinal).ToList();
        if (unknown.Count > 0)
        {
            throw new NewerDatabaseException(settings.DatabaseLabel, unknown[0]);
        }

        var pending = (await context.Database.GetPendingMigrationsAsync(cancellationToken).ConfigureAwait(false)).ToList();
        if (pending.Count > 0)
        {
            await ChangeAsync(token => context.Database.MigrateAsync(token), pending, cancellationToken).ConfigureAwait(false);
            foreach (var migration in pending)
            {
                Log.MigrationApplied(logger, migration);
            }
        }

        return pending;
    }
}
