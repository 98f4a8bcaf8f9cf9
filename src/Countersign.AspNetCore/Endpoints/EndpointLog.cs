using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>The log messages of the endpoints.</summary>
internal static partial class EndpointLog
{
    [LoggerMessage(
        EventId = 3101, EventName = "EndpointUnavailable", Level = LogLevel.Warning,
        Message = "{Path} answered 503: it can't reach what it needs at the moment.")]
    public static partial void Unavailable(ILogger logger, string path, Exception exception);

    [LoggerMessage(
        EventId = 3102, EventName = "PasswordEngineBusy", Level = LogLevel.Debug,
        Message = "{Path} answered 503: the password engine can't take more work at the moment.")]
    public static partial void Busy(ILogger logger, string? path);

    [LoggerMessage(
        EventId = 3103, EventName = "DatabaseRefused", Level = LogLevel.Error,
        Message = "{Path} answered 500: the database refuses the request's statement or its values, and would refuse them again "
            + "(code {Code}, table {Table}, column {Column}, constraint {Constraint}). "
            + "Check that the app sets this column before the account is saved, and that its tables match its model.")]
    public static partial void Refused(ILogger logger, string path, string code, string? table, string? column, string? constraint, Exception exception);

    [LoggerMessage(
        EventId = 3104, EventName = "NoRoutes", Level = LogLevel.Information,
        Message = "None of Countersign's routes is mapped, so no client can log in by them. If that is not intended, call app.MapCountersign().")]
    public static partial void NoRoutes(ILogger logger);
}
