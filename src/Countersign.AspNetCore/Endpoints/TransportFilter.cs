using System.Net;
using Countersign.AspNetCore.Wire;
using Countersign.Bearer.Problems;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>
/// Refuses tokens and passwords over plain http and in queries (RFC 6750 §5.3, RFC 9700 §4.3.2). A request came by https if the server sees that, or if a
/// proxy that the app has configured as trusted says so.
/// </summary>
internal sealed class TransportFilter(IHostEnvironment environment) : IEndpointFilter
{
    private static readonly string[] Credentials =
        ["token", "access_token", "refresh_token", "password", "current_password", "new_password", "client_secret"];

    private readonly bool _takesHttp = environment.IsDevelopment();

    /// <inheritdoc />
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next) =>
        FindProblem(context.HttpContext, _takesHttp) is { } problem ? ValueTask.FromResult<object?>(new ProblemResult(problem)) : next(context);

    /// <summary>Finds out why a request with passwords or tokens is refused.</summary>
    /// <param name="context">The request.</param>
    /// <param name="takesHttp">Whether plain http from other machines is accepted, as in Development.</param>
    /// <returns>Null if the request is accepted.</returns>
    public static Problem? FindProblem(HttpContext context, bool takesHttp) =>
        !context.Request.IsHttps && !takesHttp && !IsLocal(context.Connection.RemoteIpAddress) ? BodyProblems.HttpsRequired
        : context.Request.QueryString.HasValue && Array.Exists(Credentials, context.Request.Query.ContainsKey) ? BodyProblems.CredentialInQuery
        : null;

    /// <summary>
    /// Whether the request comes from this machine. A connection without an address does: it is a socket in the file system, or there is no socket.
    /// </summary>
    private static bool IsLocal(IPAddress? address) =>
        address is null || IPAddress.IsLoopback(address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address);
}
