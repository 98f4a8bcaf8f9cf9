using Microsoft.Data.Sqlite;

namespace Countersign.Testing;

/// <summary>
/// A private SQLite database, in a file in the temporary folder. Sessions need a file: a database in memory has no write-ahead log. Disposing it deletes the
/// file and those beside it.
/// </summary>
/// <remarks>Dispose the app first. Test classes with separate databases can run beside each other.</remarks>
public sealed class SqliteTestDatabase : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("countersign-test-");

    /// <summary>The connection string, for the setting that the app reads.</summary>
    public string ConnectionString => new SqliteConnectionStringBuilder { DataSource = Path.Combine(_folder.FullName, "test.db") }.ToString();

    /// <inheritdoc />
    public void Dispose()
    {
        if (!_folder.Exists)
        {
            return;
        }

        // The provider keeps closed connections open, and Windows deletes no file that is open.
        using (var connection = new SqliteConnection(ConnectionString))
        {
            SqliteConnection.ClearPool(connection);
        }

        _folder.Delete(recursive: true);
        _folder.Refresh();
    }
}
