using Countersign.Sessions.Keys;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Database;

/// <summary>
/// Lets one process at a time migrate a SQLite file. The lock is the operating system's, on a file beside the database: it goes when its holder dies,
/// however it dies. The framework's own is a row, which a killed process leaves behind for good; whoever holds this lock may clear that row.
/// </summary>
internal sealed class MigrationLock : IDisposable
{
    // How often the lock is tried while another process holds it. A migration takes a second or more: shorter would only spin.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private MigrationLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>The file on which the lock is taken. It stays when the lock is given back: removing it would let two processes hold two files of one name.</summary>
    public static string FileFor(string databaseFile) => databaseFile + ".lock";

    /// <summary>Waits for the lock.</summary>
    /// <param name="databaseFile">The database.</param>
    /// <param name="patience">For how long another process may hold it.</param>
    /// <param name="time">The clock by which patience runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Another process holds it for longer.</exception>
    /// <exception cref="UnauthorizedAccessException">The lock file can't be opened.</exception>
    public static async Task<MigrationLock> AcquireAsync(string databaseFile, TimeSpan patience, TimeProvider time, CancellationToken cancellationToken)
    {
        var path = FileFor(databaseFile);
        var began = time.GetTimestamp();
        while (true)
        {
            try
            {
                return new MigrationLock(PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.ReadWrite));
            }
            catch (IOException held) when (File.Exists(path))
            {
                if (time.GetElapsedTime(began) >= patience)
                {
                    throw new TimeoutException($"Another process has been migrating {databaseFile} for longer than {patience.TotalSeconds:0} seconds ({path} is locked).", held);
                }
            }

            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the row that a killed process left in the framework's lock table. Only the holder of this lock may do so.</summary>
    /// <returns>Whether there was one.</returns>
    public static async Task<bool> ClearAbandonedRowAsync(DbContext context, CancellationToken cancellationToken)
    {
        // The name is fixed in Entity Framework Core's history repository for SQLite.
        var tables = await context.Database
            .SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE type = 'table' AND name = '__EFMigrationsLock'")
            .SingleAsync(cancellationToken)
            .ConfigureAwait(false);
        if (tables == 0)
        {
            return false;
        }

        return await context.Database.ExecuteSqlAsync($"""DELETE FROM "__EFMigrationsLock" """, cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <summary>Gives the lock back.</summary>
    public void Dispose() => _file.Dispose();
}
