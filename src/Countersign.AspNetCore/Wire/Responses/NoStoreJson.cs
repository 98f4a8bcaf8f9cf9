using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;

namespace Countersign.AspNetCore.Wire.Responses;

/// <summary>The body of a response.</summary>
/// <typeparam name="TSelf">The type itself.</typeparam>
internal interface IResponseBody<TSelf>
{
    /// <summary>Serializes the body in the same way, whatever the app has set for its own JSON.</summary>
    static abstract JsonTypeInfo<TSelf> TypeInfo { get; }
}

/// <summary>Status 200 with a body that no cache stores (RFC 6749 §5.1).</summary>
internal sealed class NoStoreJson<TBody>(TBody body) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
    where TBody : IResponseBody<TBody>
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status200OK;

    public TBody Body { get; } = body;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ResponseWriter.Describe<TBody>(builder, StatusCodes.Status200OK);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => ResponseWriter.WriteAsync(httpContext, StatusCodes.Status200OK, Body);
}

/// <summary>Status 201 with the created resource.</summary>
internal sealed class CreatedJson<TBody>(TBody body) : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
    where TBody : IResponseBody<TBody>
{
    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status201Created;

    public TBody Body { get; } = body;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) => ResponseWriter.Describe<TBody>(builder, StatusCodes.Status201Created);

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext) => ResponseWriter.WriteAsync(httpContext, StatusCodes.Status201Created, Body);
}

/// <summary>Status 204: the request succeeded, and the response has no body.</summary>
internal sealed class NoContentResponse : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
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

/// <summary>Status 202: the request is done later, and the response has no body.</summary>
internal sealed class AcceptedResponse : IResult, IEndpointMetadataProvider, IStatusCodeHttpResult
{
    public static readonly AcceptedResponse Instance = new();

    private AcceptedResponse()
    {
    }

    int? IStatusCodeHttpResult.StatusCode => StatusCodes.Status202Accepted;

    /// <inheritdoc />
    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status202Accepted, typeof(void)));

    /// <inheritdoc />
    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = StatusCodes.Status202Accepted;
        httpContext.Response.Headers.CacheControl = "no-store";
        return Task.CompletedTask;
    }
}

/// <summary>Writes and describes responses.</summary>
internal static class ResponseWriter
{
    /// <summary>Writes a body at once, so that its length is known.</summary>
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

    /// <summary>Describes a response of a route.</summary>
    public static void Describe<TBody>(EndpointBuilder builder, int status) =>
        builder.Metadata.Add(new ProducesResponseTypeMetadata(status, typeof(TBody), [MediaTypes.Json]));
}
