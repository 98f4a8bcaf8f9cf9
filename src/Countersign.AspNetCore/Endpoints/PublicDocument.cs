using System.Globalization;
using Countersign.AspNetCore.Wire;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Endpoints;

/// <summary>A JSON document that every client may read and cache for a while.</summary>
/// <param name="json">The document.</param>
/// <param name="maxAge">How long a copy may be kept: short compared with the time for which a key is published before it signs.</param>
internal sealed class PublicDocument(ReadOnlyMemory<byte> json, TimeSpan maxAge) : IResult
{
    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.Headers.CacheControl = string.Create(CultureInfo.InvariantCulture, $"public, max-age={(int)maxAge.TotalSeconds}");

        // The document is public and read without credentials, so pages of every origin may verify tokens too.
        response.Headers.AccessControlAllowOrigin = "*";
        response.ContentType = MediaTypes.Json;
        response.ContentLength = json.Length;
        await response.Body.WriteAsync(json, httpContext.RequestAborted).ConfigureAwait(false);
    }
}
