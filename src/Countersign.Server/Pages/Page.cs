using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Pages;

/// <summary>A page that is the same for all clients, made once.</summary>
internal sealed class Page(byte[] html) : IResult
{
    private const string ContentType = "text/html; charset=utf-8";

    private readonly EntityTagHeaderValue _entityTag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(html).AsSpan(0, 16))}\"");

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        PageHeaders.Set(httpContext.Response.Headers, PageFrame.ContentSecurityPolicy);
        httpContext.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(html, ContentType, entityTag: _entityTag).ExecuteAsync(httpContext);
    }
}
