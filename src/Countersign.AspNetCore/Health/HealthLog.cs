using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Health;

/// <summary>The log messages about health.</summary>
internal static partial class HealthLog
{
    [LoggerMessage(EventId = 3401, EventName = "DatabaseUnreachable", Level = LogLevel.Error, Message = "The database can't be reached.")]
    public static partial void DatabaseUnreachable(ILogger logger, Exception failure);

    [LoggerMessage(EventId = 3402, EventName = "DatabaseReachable", Level = LogLevel.Information, Message = "The database can be reached again.")]
    public static partial void DatabaseReachable(ILogger logger);
}
