using System.Buffers;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Problems;

/// <summary>
/// Refuses requests that Kestrel forgives although they break HTTP/1.1 where proxies and servers have disagreed before, and ends their connection: whatever
/// follows on it may be somebody else's.
/// </summary>
internal static class StrictHttpMiddleware
{
    /// <summary>Kestrel reads a body that has both a length and chunks by its chunks, and keeps the length under this name (RFC 9112 §6.3: a request to be handled as an error).</summary>
    private const string LengthSetAside = "X-Content-Length";

    /// <summary>The characters of a header's name (RFC 9110 §5.6.2).</summary>
    private static readonly SearchValues<char> TokenCharacters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>Adds the check; the status gets its body from the middleware before it.</summary>
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
            // HTTP/2 and 3 have names of their own that begin with a colon; Kestrel keeps those to itself.
            if (name.AsSpan().ContainsAnyExcept(TokenCharacters))
            {
                return false;
            }
        }

        return true;
    }
}
