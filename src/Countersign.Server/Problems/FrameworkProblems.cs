using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace Countersign.Server.Problems;

/// <summary>Turns the statuses that the framework makes, before or beside any route, into problem documents like all others.</summary>
internal static class FrameworkProblems
{
    private static readonly Problem BadRequest = new(StatusCodes.Status400BadRequest, ReasonCodes.BadRequest, "The request is not HTTP as this server takes it");
    /// <summary>No route, or nothing behind it.</summary>
    public static readonly Problem NotFound = new(StatusCodes.Status404NotFound, ReasonCodes.NotFound, "There is nothing at this address");
    private static readonly Problem MethodNotAllowed = new(StatusCodes.Status405MethodNotAllowed, ReasonCodes.MethodNotAllowed, "This address does not take that method");
    /// <summary>A condition of the client's own (RFC 9110 §13.1), on what has a version.</summary>
    public static readonly Problem PreconditionFailed = new(StatusCodes.Status412PreconditionFailed, ReasonCodes.PreconditionFailed, "What is at this address is not the version asked for");
    private static readonly Problem BodyTooLarge = new(StatusCodes.Status413PayloadTooLarge, ReasonCodes.BodyTooLarge, "The request body is too large");
    private static readonly Problem WrongContentType = new(StatusCodes.Status415UnsupportedMediaType, ReasonCodes.ContentTypeUnsupported, "This address does not take that content type");
    private static readonly Problem RangeNotSatisfiable = new(StatusCodes.Status416RangeNotSatisfiable, ReasonCodes.RangeNotSatisfiable, "What is at this address ends before the range asked for");
    private static readonly Problem Internal = EndpointProblems.InternalError;

    /// <summary>Every refusal of this file.</summary>
    public static IReadOnlyList<Problem> All { get; } = [BadRequest, NotFound, MethodNotAllowed, PreconditionFailed, BodyTooLarge, WrongContentType, RangeNotSatisfiable, Internal];

    /// <summary>Adds both middlewares, for exceptions that nobody took and for statuses without a body, and behind them what refuses unsound requests.</summary>
    public static void UseFrameworkProblems(this WebApplication app)
    {
        app.UseExceptionHandler(handler => handler.Run(context => WriteAsync(context, context.Features.Get<IExceptionHandlerFeature>()?.Error)));
        app.UseStatusCodePages(context => Find(context.HttpContext.Response.StatusCode) is { } problem
            ? new ProblemResult(problem).ExecuteAsync(context.HttpContext)
            : Task.CompletedTask);
        app.UseSoundRequests();
    }

    private static Task WriteAsync(HttpContext context, Exception? failure)
    {
        // Kestrel throws its own exception for a body that is too large or broken, while a route reads it.
        var problem = failure is BadHttpRequestException bad ? Find(bad.StatusCode) ?? BadRequest : Internal;
        return new ProblemResult(problem).ExecuteAsync(context);
    }

    private static Problem? Find(int status) => status switch
    {
        StatusCodes.Status400BadRequest => BadRequest,
        StatusCodes.Status404NotFound => NotFound,
        StatusCodes.Status405MethodNotAllowed => MethodNotAllowed,
        StatusCodes.Status412PreconditionFailed => PreconditionFailed,
        StatusCodes.Status413PayloadTooLarge => BodyTooLarge,
        StatusCodes.Status415UnsupportedMediaType => WrongContentType,
        StatusCodes.Status416RangeNotSatisfiable => RangeNotSatisfiable,
        StatusCodes.Status500InternalServerError => Internal,
        _ => null,
    };
}
