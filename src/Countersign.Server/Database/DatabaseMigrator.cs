using Countersign.Server.Configuration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Countersign.Server.Database;

/// <summary>Brings the database to this version's tables.</summary>
internal sealed class DatabaseMigrator(ServerDbContext context, ServerSettings settings, TimeProvider time, ILogger<DatabaseMigrator> logger)
{
    // Longer than any migration takes; a second server at the same database waits so long for the first.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Applies what is missing, one process at a time.</summary>
    /// <returns>The names of the migrations that were applied; empty if the database was up to date.</returns>
    /// <exception cref="NewerDatabaseException">A newer version has written the database.</exception>
    /// <exception cref="TimeoutException">Another process is migrating the database and does not come to an end.</exception>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        if (settings.DatabaseFile is { } file)
        {
            MasterKeyFile.MakeDirectory(Path.GetDirectoryName(file)!);
            using var exclusive = await MigrationLock.AcquireAsync(file, Patience, time, cancellationToken).ConfigureAwait(false);
            if (await MigrationLock.ClearAbandonedRowAsync(context, cancellationToken).ConfigureAwait(false))
            {
                Log.AbandonedMigrationLockCleared(logger, file);
            }

            return await ApplyAsync(cancellationToken).ConfigureAwait(false);
        }

        var alone = await PostgreSqlMigrationLock.AcquireAsync(context, settings.DatabaseLabel, Patience, cancellationToken).ConfigureAwait(false);
        await using (alone.ConfigureAwait(false))
        {
            // Else every question about the table fails before it is made, and each failure stands in the log of a first start.
            await context.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancellationToken).ConfigureAwait(false);
            return await ApplyAsync(cancellationToken).ConfigureAwait(false);
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
            await context.Database.MigrateAsync(cancellationToken).ConfigureAwait(false);
            foreach (var migration in pending)
            {
                Log.MigrationApplied(logger, migration);
            }
        }

        return pending;
    }
}
