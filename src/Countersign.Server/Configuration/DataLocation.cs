using Microsoft.Data.Sqlite;

namespace Countersign.Server.Configuration;

/// <summary>Where the data is stored.</summary>
internal sealed class DataLocation
{
    /// <summary>The key of the connection string. Without it the database is in the data directory.</summary>
    public const string ConnectionStringKey = "ConnectionStrings:Countersign";

    private const string DirectoryKey = "Auth:DataDirectory";
    private const string DefaultDirectory = "data";
    private const string DefaultFile = "countersign.db";

    private DataLocation(string directory, string? databaseFile, string connectionString, string label, bool isDefault)
    {
        Directory = directory;
        DatabaseFile = databaseFile;
        ConnectionString = connectionString;
        Label = label;
        IsDefault = isDefault;
    }

    /// <summary>The data directory; absolute.</summary>
    public string Directory { get; }

    /// <summary>The SQLite file; absolute. Null on PostgreSQL.</summary>
    public string? DatabaseFile { get; }

    /// <summary>The connection string, with the file's absolute path or with a password.</summary>
    public string ConnectionString { get; }

    /// <summary>The location of the database, without secrets.</summary>
    public string Label { get; }

    /// <summary>Whether the database is in the data directory, because no connection string was given.</summary>
    public bool IsDefault { get; }

    /// <summary>Reads where the data is stored, and adds the faults.</summary>
    public static DataLocation Read(ConfigurationReading reading)
    {
        var directory = reading.Resolve(reading.Value(DirectoryKey) ?? DefaultDirectory);
        var given = reading.Configuration[ConnectionStringKey];
        if (given is not null && PostgreSqlAddress.IsMeant(given))
        {
            return ReadPostgreSql(reading, directory, given);
        }

        var directoryFault = DirectoryProbe.Check(directory, mayBeMade: true);
        if (directoryFault is not null && !reading.IsFaulty(DirectoryKey))
        {
            reading.Fault(DirectoryKey, directoryFault, "Set it to a directory that this account can write to.");
        }

        if (given is not null)
        {
            return ReadConnectionString(reading, directory, given);
        }

        var file = Path.Combine(directory, DefaultFile);
        if (directoryFault is null)
        {
            CheckFile(reading, DirectoryKey, file);
        }

        return new DataLocation(directory, file, new SqliteConnectionStringBuilder { DataSource = file }.ToString(), file, isDefault: true);
    }

    /// <summary>Does not check the directory: a node on PostgreSQL writes nothing there, unless its master key is made in Development.</summary>
    private static DataLocation ReadPostgreSql(ConfigurationReading reading, string directory, string given)
    {
        if (PostgreSqlAddress.TryRead(given, out var connectionString, out var label, out var problem))
        {
            return new DataLocation(directory, databaseFile: null, connectionString, label, isDefault: false);
        }

        reading.FaultIn(ConnectionStringKey, problem.Problem, problem.Remedy);
        return new DataLocation(directory, databaseFile: null, string.Empty, string.Empty, isDefault: false);
    }

    private static DataLocation ReadConnectionString(ConfigurationReading reading, string directory, string given)
    {
        var nowhere = new DataLocation(directory, string.Empty, string.Empty, string.Empty, isDefault: false);
        SqliteConnectionStringBuilder parts;
        try
        {
            parts = new SqliteConnectionStringBuilder(given);
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or KeyNotFoundException)
        {
            // Do not show the text: connection strings of other databases contain passwords.
            reading.FaultIn(
                ConnectionStringKey,
                "is not a connection string of SQLite or PostgreSQL",
                "Write \"Data Source=/path/to/countersign.db\" or \"Host=…;Database=…\", or remove it to use the file in the data directory.");
            return nowhere;
        }

        var source = parts.DataSource;
        if (source.Length == 0 || source == ":memory:" || parts.Mode == SqliteOpenMode.Memory || source.StartsWith("file:", StringComparison.OrdinalIgnoreCase))
        {
            reading.FaultIn(ConnectionStringKey, "names no file", "Write \"Data Source=/path/to/countersign.db\": the server keeps its accounts on disk.");
            return nowhere;
        }

        if (parts.Mode == SqliteOpenMode.ReadOnly)
        {
            reading.FaultIn(ConnectionStringKey, "opens the database read-only", "Remove Mode=ReadOnly.");
            return nowhere;
        }

        var file = reading.Resolve(source);
        if (DirectoryProbe.Check(Path.GetDirectoryName(file)!, mayBeMade: false) is { } directoryFault)
        {
            reading.FaultIn(ConnectionStringKey, directoryFault, "Make that directory and let this account write to it, or name another.");
        }
        else
        {
            CheckFile(reading, ConnectionStringKey, file);
        }

        parts.DataSource = file;
        return new DataLocation(directory, file, parts.ToString(), file, isDefault: false);
    }

    private static void CheckFile(ConfigurationReading reading, string source, string file)
    {
        if (System.IO.Directory.Exists(file))
        {
            reading.FaultIn(source, $"leads to {file}, which is a directory", "Name a file.");
            return;
        }

        if (!File.Exists(file))
        {
            return;
        }

        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[SqliteHeader.Length];
            var read = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);

            // An empty file is a database without tables.
            if (read > 0 && !header.SequenceEqual(SqliteHeader))
            {
                reading.FaultIn(source, $"leads to {file}, which is not a SQLite database", "Name another file, or restore the database from a backup.");
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            reading.FaultIn(source, $"leads to {file}, which can't be opened for writing", "Let this account read and write the file.");
        }
    }

    // https://www.sqlite.org/fileformat.html section 1.3.1
    private static ReadOnlySpan<byte> SqliteHeader => "SQLite format 3\0"u8;
}
