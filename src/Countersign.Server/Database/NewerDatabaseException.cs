namespace Countersign.Server.Database;

/// <summary>The database holds a migration that this version does not know: going on would write tables that it does not understand.</summary>
internal sealed class NewerDatabaseException(string database, string migration)
    : Exception($"{database} was written by a newer version of the server (migration {migration}). Start that version, or restore the backup that was made before it.");
