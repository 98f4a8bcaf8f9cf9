using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>Status 200 without a body, whether or not a token was revoked (RFC 7009 §2.2).</summary>
internal sealed class RevokedResponse : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    public static readonly RevokedResponse Instance = new();

    private RevokedResponse()
    {
    }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(void)));

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status200OK;
        httpContext.Response.Headers.CacheControl = "no-store";
        httpContext.Response.ContentLength = 0;
        return Task.CompletedTask;
    }
}
