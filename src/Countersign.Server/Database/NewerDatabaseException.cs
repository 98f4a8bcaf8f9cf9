namespace Countersign.Server.Database;

/// <summary>The database has a migration that this version does not know. The server must not write to tables that it does not understand.</summary>
internal sealed class NewerDatabaseException(string database, string migration)
    : Exception(
        $"{database} was written by a newer version of the server (migration {migration}). " +
        "Start that version, or restore the backup that was made before it.");
