using Microsoft.Extensions.Logging;

namespace Countersign.PostgreSql;

/// <summary>All messages that this package logs. Event ids begin at 2500 and never change. No message contains a connection string.</summary>
internal static partial class PostgreSqlLog
{
    [LoggerMessage(
        EventId = 2500,
        Level = LogLevel.Warning,
        Message = "PostgreSQL runs with fsync or full_page_writes off: a power cut can destroy the database. Use this for tests only.")]
    public static partial void NotCrashSafe(ILogger logger);
}
