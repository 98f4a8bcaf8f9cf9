using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>A body that an answer can have.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IResponseBody<TSelf>
{
    /// <summary>How it is written: the same whatever the app has set for its own JSON.</summary>
    static abstract JsonTypeInfo<TSelf> TypeInfo { get; }
}

/// <summary>200 with a body that no cache keeps (RFC 6749 §5.1).</summary>
internal sealed class NoStoreJson<TBody>(TBody body) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
    where TBody : IResponseBody<TBody>
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    /// <summary>What is written.</summary>
    public TBody Body { get; } = body;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ResponseWriter.Describe<TBody>(builder, StatusCodes.Status200OK);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => ResponseWriter.WriteAsync(httpContext, StatusCodes.Status200OK, Body);
}

/// <summary>201 with what was made.</summary>
internal sealed class CreatedJson<TBody>(TBody body) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
    where TBody : IResponseBody<TBody>
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status201Created;

    /// <summary>What is written.</summary>
    public TBody Body { get; } = body;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ResponseWriter.Describe<TBody>(builder, StatusCodes.Status201Created);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => ResponseWriter.WriteAsync(httpContext, StatusCodes.Status201Created, Body);
}

/// <summary>204: done, and nothing to say.</summary>
internal sealed class NoContentResponse : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    /// <summary>The one there is.</summary>
    public static readonly NoContentResponse Instance = new();

    private NoContentResponse()
    {
    }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status204NoContent;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status204NoContent, typeof(void)));

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status204NoContent;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}

/// <summary>Writes and describes answers.</summary>
internal static class ResponseWriter
{
    /// <summary>Writes a body whole, so that its length is known.</summary>
    public static async Task WriteAsync<TBody>(HttpContext context, int status, TBody body)
        where TBody : IResponseBody<TBody>
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body, TBody.TypeInfo);
        var response = context.Response;
        response.StatusCode = status;
        response.Headers.CacheControl = "no-store";
        response.ContentType = MediaTypes.Json;
        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>Says what a route answers.</summary>
    public static void Describe<TBody>(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(TBody), [MediaTypes.Json]));
}
