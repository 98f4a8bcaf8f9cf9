using Countersign.AspNetCore.Endpoints;
using Countersign.Bearer.Problems;
using Countersign.Tokens;
using Microsoft.AspNetCore.Diagnostics;

namespace Countersign.Server.Problems;

/// <summary>Turns the framework's statuses, before or beside any route, into problem documents.</summary>
internal static class FrameworkProblems
{
    private static readonly Problem BadRequest =
        new(StatusCodes.Status400BadRequest, ReasonCodes.BadRequest, "The request is not HTTP as this server takes it");

    /// <summary>There is no route, or the route found nothing.</summary>
    public static readonly Problem NotFound = new(StatusCodes.Status404NotFound, ReasonCodes.NotFound, "There is nothing at this address");

    private static readonly Problem MethodNotAllowed =
        new(StatusCodes.Status405MethodNotAllowed, ReasonCodes.MethodNotAllowed, "This address does not take that method");

    /// <summary>A condition of the client (RFC 9110 §13.1) does not hold for a resource with a version.</summary>
    public static readonly Problem PreconditionFailed =
        new(StatusCodes.Status412PreconditionFailed, ReasonCodes.PreconditionFailed, "What is at this address is not the version asked for");

    private static readonly Problem BodyTooLarge = new(StatusCodes.Status413PayloadTooLarge, ReasonCodes.BodyTooLarge, "The request body is too large");
    private static readonly Problem WrongContentType =
        new(StatusCodes.Status415UnsupportedMediaType, ReasonCodes.ContentTypeUnsupported, "This address does not take that content type");
    private static readonly Problem RangeNotSatisfiable =
        new(StatusCodes.Status416RangeNotSatisfiable, ReasonCodes.RangeNotSatisfiable, "What is at this address ends before the range asked for");
    private static readonly Problem Internal = EndpointProblems.InternalError;

    /// <summary>All problems of this file.</summary>
    public static IReadOnlyList<Problem> All { get; } =
    [
        BadRequest, NotFound, MethodNotAllowed, PreconditionFailed, BodyTooLarge, WrongContentType, RangeNotSatisfiable, Internal,
    ];

    /// <summary>
    /// Adds middleware for unhandled exceptions and for statuses without a body, and after it the middleware that refuses malformed requests.
    /// </summary>
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
        // If a body is too large or broken, Kestrel throws its own exception while a route reads it.
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
