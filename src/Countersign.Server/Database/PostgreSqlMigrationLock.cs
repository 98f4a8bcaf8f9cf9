using System.Data.Common;
using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Countersign.Server.Database;

/// <summary>
/// Lets only one node at a time migrate a PostgreSQL database. It is the server's lock on the context's connection, which stays open meanwhile. So the lock
/// ends with its holder. The framework's own lock exists only after its table, so two nodes that start on an empty database would both try to make that table.
/// </summary>
internal sealed class PostgreSqlMigrationLock : IAsyncDisposable
{
    // "csgnmigr" in ASCII. It keeps this lock apart from others in the same database.
    private const long Key = 0x6373676E6D696772;

    private readonly DbContext _context;

    private PostgreSqlMigrationLock(DbContext context)
    {
        _context = context;
    }

    /// <summary>Waits for the lock.</summary>
    /// <param name="context">The context that will migrate.</param>
    /// <param name="database">The location of the database, without secrets.</param>
    /// <param name="patience">The longest wait for another node.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Another node holds the lock for longer.</exception>
    public static async Task<PostgreSqlMigrationLock> AcquireAsync(DbContext context, string database, TimeSpan patience, CancellationToken cancellationToken)
    {
        // A statement of a migration takes long if a table is large.
        context.Database.SetCommandTimeout(TimeSpan.FromHours(1));
        await context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var milliseconds = ((long)patience.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            await context.Database
                .ExecuteSqlAsync(
                    $"SELECT set_config('lock_timeout', {milliseconds}, false); SELECT pg_advisory_lock({Key}); SELECT set_config('lock_timeout', '0', false)",
                    cancellationToken)
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

    /// <summary>Releases the lock.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})").ConfigureAwait(false);
        }
        catch (DbException)
        {
            // The connection is lost, and the lock with it.
        }

        await CloseAsync(_context).ConfigureAwait(false);
    }

    private static async Task CloseAsync(DbContext context)
    {
        await context.Database.CloseConnectionAsync().ConfigureAwait(false);
        context.Database.SetCommandTimeout((int?)null);
    }
}
