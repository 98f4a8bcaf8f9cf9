using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Problems;

/// <summary>
/// Writes a refusal as <c>application/problem+json</c> (RFC 9457), or at an endpoint of OAuth 2.0 as <see cref="OAuthErrorMetadata.ContentType"/>. The app's
/// own JSON settings do not change it.
/// </summary>
internal sealed class ProblemResult(Problem refusal) : IResult, IStatusCodeHttpResult
{
    /// <summary>The media type of a problem document (RFC 9457 §3).</summary>
    public const string ContentType = "application/problem+json";

    /// <summary>The problem that is written.</summary>
    public Problem Problem { get; } = refusal;

    int? IStatusCodeHttpResult.StatusCode => Problem.Status;

    /// <inheritdoc />
    public async Task ExecuteAsync(HttpContext httpContext)
    {
        ArgumentNullException.ThrowIfNull(httpContext);
        var response = httpContext.Response;
        if (response.HasStarted)
        {
            return;
        }

        response.StatusCode = Problem.Status;
        response.Headers.CacheControl = "no-store";
        if (Problem.Challenge is { } challenge)
        {
            response.Headers.Append("WWW-Authenticate", challenge);
        }

        if (Problem.RetryAfter is { } retryAfter)
        {
            response.Headers.RetryAfter = Math.Max(1, (long)Math.Ceiling(retryAfter.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
        }

        var pages = httpContext.RequestServices.GetService<ProblemPages>()?.Address;
        var body = Write(Problem, pages is null ? null : httpContext.Request.PathBase + pages);
        response.ContentType = ContentTypeOf(Problem, httpContext.GetEndpoint()?.Metadata.GetMetadata<OAuthErrorMetadata>() is not null);
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, httpContext.RequestAborted).ConfigureAwait(false);
    }

    /// <summary>The media type of a refusal, which depends on whether OAuth 2.0 defines the endpoint.</summary>
    public static string ContentTypeOf(Problem refusal, bool isOAuthEndpoint) =>
        isOAuthEndpoint && refusal.OAuthError is not null ? OAuthErrorMetadata.ContentType : ContentType;

    /// <summary>The document of a refusal, in UTF-8.</summary>
    /// <param name="refusal">The refusal.</param>
    /// <param name="pages">The path of the pages of reason codes; null if there are none.</param>
    public static ReadOnlyMemory<byte> Write(Problem refusal, string? pages)
    {
        var (type, title) = refusal.Identify(pages);
        var buffer = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        json.WriteString("type"u8, type);
        json.WriteString("title"u8, title);
        json.WriteNumber("status"u8, refusal.Status);
        json.WriteString("detail"u8, refusal.Detail);
        json.WriteString("code"u8, refusal.Code);
        if (refusal.OAuthError is { } error)
        {
            json.WriteString("error"u8, error);
            if (IsDescription(refusal.Detail))
            {
                json.WriteString("error_description"u8, refusal.Detail);
            }
        }

        if (refusal.MfaMethods is { } methods)
        {
            json.WriteStartArray("methods"u8);
            foreach (var method in methods)
            {
                json.WriteStringValue(method);
            }

            json.WriteEndArray();
        }

        if (refusal.Errors is { } errors)
        {
            WriteErrors(json, errors);
        }

        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    /// <summary>The characters of <c>error_description</c> (RFC 6749 §5.2), which is optional. An app's own words may have others.</summary>
    private static bool IsDescription(string text) => text.All(static one => one is >= ' ' and <= '~' and not '"' and not '\\');

    private static void WriteErrors(Utf8JsonWriter json, IReadOnlyList<MemberFaults> errors)
    {
        json.WriteStartObject("errors"u8);
        foreach (var (member, faults) in errors)
        {
            json.WriteStartArray(member);
            foreach (var (code, message) in faults)
            {
                json.WriteStartObject();
                json.WriteString("code"u8, code);
                json.WriteString("message"u8, message);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
    }
}
