using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>What the endpoints write to the log.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(EventId = 3101, EventName = "EndpointUnavailable", Level = LogLevel.Warning, Message = "{Path} answered 503: what it needs can't be reached now.")]
    public static partial void Unavailable(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 3102, EventName = "PasswordEngineBusy", Level = LogLevel.Debug, Message = "{Path} answered 503: the password engine has no place for more work now.")]
    public static partial void Busy(ILogger logger, string? path);
}
