using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>What the endpoints write to the log.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(EventId = 3101, EventName = "EndpointUnavailable", Level = LogLevel.Warning, Message = "{Path} answered 503: what it needs can't be reached now.")]
    public static partial void Unavailable(ILogger logger, string path, Exception exception);

    [LoggerMessage(EventId = 3102, EventName = "PasswordEngineBusy", Level = LogLevel.Debug, Message = "{Path} answered 503: the password engine has no place for more work now.")]
    public static partial void Busy(ILogger logger, string? path);

    [LoggerMessage(EventId = 3103, EventName = "DatabaseRefused", Level = LogLevel.Error, Message = "{Path} answered 500: the database refuses what the request stores or asks (code {Code}, table {Table}, column {Column}, constraint {Constraint}), and would refuse it again. Does the app set this column before the account is saved, and do its tables fit its model?")]
    public static partial void Refused(ILogger logger, string path, string code, string? table, string? column, string? constraint, Exception exception);
}
