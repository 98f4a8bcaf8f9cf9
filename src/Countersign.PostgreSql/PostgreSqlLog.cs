using Microsoft.Extensions.Logging;

namespace Countersign.PostgreSql;

/// <summary>All that this package logs. Event ids from 2500; they never change. Never a connection string.</summary>
internal static partial class PostgreSqlLog
{
    [LoggerMessage(EventId = 2500, Level = LogLevel.Warning, Message = "PostgreSQL runs with fsync or full_page_writes off: a power cut can destroy the database. Good for tests only.")]
    public static partial void NotCrashSafe(ILogger logger);
}
