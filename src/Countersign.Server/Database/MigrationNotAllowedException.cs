using Npgsql;

namespace Countersign.Server.Database;

/// <summary>The database is not up to date, and the account of the connection string may not change its tables.</summary>
internal sealed class MigrationNotAllowedException(string database, IEnumerable<string> missing, PostgresException refused)
    : Exception(
        $"{database} lacks {string.Join(", ", missing)}, and the account of the connection string may not change tables ({refused.MessageText}). "
        + "Run countersign migrate under an account that may, then start again.",
        refused);
