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
    // Longer than any migration takes. A second server with the same database waits so long for the first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Applies missing migrations. Only one process at a time does so.</summary>
    /// <returns>The names of the migrations that were applied; empty if the database was up to date.</returns>
    /// <exception cref="NewerDatabaseException">A newer version has written the database.</exception>
    /// <exception cref="MigrationNotAllowedException">Migrations are missing, and the database user of the connection string may not apply them.</exception>
    /// <exception cref="TimeoutException">Another process migrates the database and does not finish.</exception>
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
    /// Makes PostgreSQL's table of applied migrations if it is missing. Otherwise every query on it fails before it is made, and each failure is in the log of
    /// a first start.
    /// </summary>
    private async Task MakeHistoryAsync(CancellationToken cancellationToken)
    {
        // A database user who may not make tables can't run CREATE TABLE IF NOT EXISTS, even if the table exists. The serving user need not have that right.
        var isThere = await context.Database
            .SqlQuery<bool>($"""SELECT to_regclass('"__EFMigrationsHistory"') IS NOT NULL AS "Value" """)
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
        if (!isThere)
        {
            await ChangeAsync(
                token => context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(token),
                context.Database.GetMigrations(),
                cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Changes tables, or reports what is missing and that the database user has no right to change it.</summary>
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
