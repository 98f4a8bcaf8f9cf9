using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Problems;

/// <summary>
/// Refuses requests that Kestrel accepts although they break HTTP/1.1 in ways on which proxies and servers have disagreed. It also closes their connection: the
/// next bytes on it may belong to another client.
/// </summary>
internal static class StrictHttpMiddleware
{
    /// <summary>
    /// If a body has both a length and chunks, Kestrel reads the chunks and keeps the length under this name. RFC 9112 §6.3 says to handle such a request as an
    /// error.
    /// </summary>
    private const string LengthSetAside = "X-Content-Length";

    /// <summary>The characters of a header's name (RFC 9110 §5.6.2).</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Adds the check. The earlier middleware adds the body to the status.</summary>
    public static void UseSoundRequests(this WebApplication app) => app.Use(static (context, next) =>
    {
        if (IsSound(context.Request.Headers))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.Headers.Connection = "close";
        return Task.CompletedTask;
    });

    private static bool IsSound(IHeaderDictionary headers)
    {
        if (headers.ContainsKey(HeaderNames.TransferEncoding) && headers.ContainsKey(LengthSetAside))
        {
            return false;
        }

        foreach (var (name, _) in headers)
        {
            // HTTP/2 and HTTP/3 have their own names that begin with a colon. Kestrel does not pass these on.
            if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
