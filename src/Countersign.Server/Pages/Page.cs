using System.Security.Cryptography;
using Microsoft.Net.Http.Headers;

namespace Countersign.Server.Pages;

/// <summary>A page that is the same for all clients, made once.</summary>
/// <param name="html">The document.</param>
/// <param name="contentSecurityPolicy">What it may load; null for what a page without a script may.</param>
internal sealed class Page(byte[] html, string? contentSecurityPolicy = null) : IResult
{
    private const string ContentType = "text/html; charset=utf-8";

    private readonly EntityTagHeaderValue _entityTag = new($"\"{Convert.ToHexStringLower(SHA256.HashData(html).AsSpan(0, 16))}\"");

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        PageHeaders.Set(httpContext.Response.Headers, contentSecurityPolicy ?? PageFrame.ContentSecurityPolicy);
        httpContext.Response.Headers.CacheControl = "no-cache";
        return Results.Bytes(html, ContentType, entityTag: _entityTag).ExecuteAsync(httpContext);
    }
}
