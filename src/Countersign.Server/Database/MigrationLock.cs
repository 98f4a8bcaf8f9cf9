using Countersign.Sessions.Keys;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Database;

/// <summary>
/// Lets only one process at a time migrate a SQLite file. It is the operating system's lock on a file beside the database, so it always ends with its process.
/// The framework's own lock is a row, which stays when the process is killed. The holder of this lock may delete that row.
/// </summary>
internal sealed class MigrationLock : IDisposable
{
    // How often to try while another process holds the lock. A migration takes a second or more, so shorter intervals would only cost time.
    private static readonly TimeSpan RetryInterval = TimeSpan.FromMilliseconds(100);

    private readonly FileStream _file;

    private MigrationLock(FileStream file)
    {
        _file = file;
    }

    /// <summary>The locked file. It is not deleted when the lock is released: otherwise two processes could lock two files of the same name.</summary>
    public static string FileFor(string databaseFile) => databaseFile + ".lock";

    /// <summary>Waits for the lock.</summary>
    /// <param name="databaseFile">The database.</param>
    /// <param name="patience">The longest wait for another process.</param>
    /// <param name="time">The clock that measures the wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="TimeoutException">Another process holds the lock for longer.</exception>
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
                    throw new TimeoutException(
                        $"Another process has been migrating {databaseFile} for longer than {patience.TotalSeconds:0} seconds ({path} is locked).", held);
                }
            }

            await Task.Delay(RetryInterval, time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Removes the row of a killed process from the framework's lock table. Only the holder of this lock may do so.</summary>
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

    /// <summary>Releases the lock.</summary>
    public void Dispose() => _file.Dispose();
}
