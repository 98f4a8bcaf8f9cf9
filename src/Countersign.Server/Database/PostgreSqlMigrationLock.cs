using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Countersign.Server.Database;

/// <summary>
/// Lets one node at a time migrate a PostgreSQL database. The lock is the server's, on the context's own connection, which stays open meanwhile: it goes when its
/// holder dies. The framework's own begins only once its table is there, so that two nodes that start on an empty database both try to make that table.
/// </summary>
internal sealed class PostgreSqlMigrationLock : IAsyncDisposable
{
    // "csgnmigr" in ASCII: keeps the lock apart from others of the same database.
    private const long Key = 0x6373676E6D696772;

    private readonly DbContext _context;

    private PostgreSqlMigrationLock(DbContext context)
    {
        _context = context;
    }

    /// <summary>Waits for the lock.</summary>
    /// <param name="context">The context that will migrate.</param>
    /// <param name="database">What may be shown of where the database is.</param>
    /// <param name="patience">For how long another node may hold it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Another node holds it for longer.</exception>
    public static async Task<PostgreSqlMigrationLock> AcquireAsync(DbContext context, string database, TimeSpan patience, CancellationToken cancellationToken)
    {
        // A statement of a migration may take as long as a table is large.
        context.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var milliseconds = ((long)patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            await context.Database
                .ExecuteSqlAsync($"SELECT set_config('lock_timeout', {milliseconds}, false); SELECT pg_advisory_lock({Key}); SELECT set_config('lock_timeout', '0', false)", cancellationToken)
                .ConfigureAwait(false);
            return new PostgreSqlMigrationLock(context);
        }
        catch (DbException failure)
        {
            await CloseAsync(context).ConfigureAwait(false);
            throw failure.SqlState is PostgresErrorCodes.LockNotAvailable
                ? new TimeoutException($"Another node has been migrating {database} for longer than {patience.TotalSeconds:0} seconds.", failure)
                : failure;
        }
    }

    /// <summary>Gives the lock back.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})").ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The connection is gone, and the lock with it.
        }

        await CloseAsync(_context).ConfigureAwait(false);
    }

    private static async Task CloseAsync(DbContext context)
    {
        await context.Database.CloseConnectionAsync().ConfigureAwait(false);
        context.Database.SetCommandTimeout((int?)null);
    }
}
