namespace Countersign.PostgreSql;

/// <summary>Facts about PostgreSQL that several classes need.</summary>
internal static class PostgreSqlProvider
{
    /// <summary>The channel (NOTIFY) on which a commit wakes the nodes if it has appended to the revocation feed. The notification has no payload.</summary>
    public const string FeedChannel = "countersign_feed";

    /// <summary>The longest wait for a lock. After it the work fails and the client must try again.</summary>
    public static readonly TimeSpan LockTimeout = TimeSpan.FromSeconds(2);
}
