using System.Net;

namespace Countersign.Server;

/// <summary>All messages that the server itself logs. Event ids begin at 5000 and never change.</summary>
internal static partial class Log
{
    [LoggerMessage(5000, LogLevel.Warning, "A process that was killed while it migrated {DatabaseFile} left its lock behind; the lock was removed.")]
    public static partial void AbandonedMigrationLockCleared(ILogger logger, string databaseFile);

    [LoggerMessage(5001, LogLevel.Information, "Migration {Migration} was applied.")]
    public static partial void MigrationApplied(ILogger logger, string migration);

    [LoggerMessage(
        5004, LogLevel.Warning, "Every account of this machine can open {File}, which holds password hashes, addresses and sessions. Run: chmod 600 '{File}'")]
    public static partial void DatabaseOpenToOthers(ILogger logger, string file);

    [LoggerMessage(
        5010,
        LogLevel.Warning,
        "A request from {Peer} has X-Forwarded-For, which is ignored. If that is your proxy, name it in Auth:TrustedProxies. This is logged only once.")]
    public static partial void ForwardedHeadersIgnored(ILogger logger, IPAddress? peer);
}
