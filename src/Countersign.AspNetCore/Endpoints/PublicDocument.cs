using Countersign.AspNetCore.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>A JSON document that anyone may read and keep for a while.</summary>
internal sealed class PublicDocument(ReadOnlyMemory<byte> json) : IResult
{
    /// <summary>Five minutes: a new key is published a day before it signs, so a copy that old misses nothing.</summary>
    private const string Cached = "public, max-age=300";

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = Cached;

        // It is public, and read without credentials: a page of any origin may verify tokens too.
        response.Headers.AccessControlAllowOrigin = "*";
        response.ContentType = MediaTypes.Json;
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
