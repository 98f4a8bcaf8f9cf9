using System.Globalization;
using Countersign.AspNetCore.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>A JSON document that anyone may read and keep for a while.</summary>
/// <param name="json">It.</param>
/// <param name="maxAge">For how long a copy may be kept, short against the time for which a key is published before it signs.</param>
internal sealed class PublicDocument(ReadOnlyMemory<byte> json, TimeSpan maxAge) : IResult
{
    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)maxAge.TotalSeconds}");

        // It is public, and read without credentials: a page of any origin may verify tokens too.
        response.Headers.AccessControlAllowOrigin = "*";
        response.ContentType = MediaTypes.Json;
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
