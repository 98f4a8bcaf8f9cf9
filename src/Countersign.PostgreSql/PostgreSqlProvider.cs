using Microsoft.EntityFrameworkCore;

namespace Countersign.PostgreSql;

/// <summary>Facts about PostgreSQL that more than one part needs.</summary>
internal static class PostgreSqlProvider
{
    /// <summary>The channel on which a commit that has appended to the revocation feed wakes the nodes (NOTIFY). Sent without a payload.</summary>
    public const string FeedChannel = "countersign_feed";

    /// <summary>How long a lock is waited for before the work fails and its client comes again.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);

    private const string Name = "Npgsql.EntityFrameworkCore.PostgreSQL";

    /// <summary>Whether a context is on it.</summary>
    public static bool Is(DbContext context) => string.Equals(context.Database.ProviderName, Name, StringComparison.Ordinal);
}
