using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Net.Http.Headers;
using Microsoft.OpenApi;

namespace Countersign.Server.OpenApi;

/// <summary>
/// The OpenAPI document as it is served. It is made once from the routes' metadata, without data of a request, and is the same bytes for all clients.
/// </summary>
internal sealed class ServedDocument([FromKeyedServices(OpenApiEndpoints.DocumentName)] IOpenApiDocumentProvider provider) : IDisposable
{
    private readonly SemaphoreSlim _once = new(1);
    private volatile Rendered? _rendered;

    /// <summary>The document in UTF-8, and its entity tag.</summary>
    public async ValueTask<Rendered> GetAsync(CancellationToken cancellationToken)
    {
        if (_rendered is { } rendered)
        {
            return rendered;
        }

        await _once.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return _rendered ??= await RenderAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            _once.Release();
        }
    }

    /// <inheritdoc />
    public void Dispose() => _once.Dispose();

    private async Task<Rendered> RenderAsync(CancellationToken cancellationToken)
    {
        var document = await provider.GetOpenApiDocumentAsync(cancellationToken).ConfigureAwait(false);
        using var json = new StringWriter(CultureInfo.InvariantCulture);
        document.SerializeAsV31(new OpenApiJsonWriter(json, new OpenApiJsonWriterSettings { Terse = true }));
        var bytes = Encoding.UTF8.GetBytes(json.ToString());
        return new Rendered(bytes, new EntityTagHeaderValue($"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\""));
    }

    /// <summary>The response.</summary>
    /// <param name="Json">The document.</param>
    /// <param name="EntityTag">A strong entity tag of the content.</param>
    internal sealed record Rendered(byte[] Json, EntityTagHeaderValue EntityTag);
}
