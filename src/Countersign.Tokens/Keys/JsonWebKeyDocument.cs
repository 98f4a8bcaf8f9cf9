using System.Security.Cryptography;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Keys;

/// <summary>A JWK or JWK Set as strict JSON. It may hold private keys, so its memory is zeroed when it is disposed of.</summary>
internal sealed class JsonWebKeyDocument : IDisposable
{
    /// <summary>Largest text in bytes: enough for 80 public RSA keys of 4,096 bits, or 300 keys on P-256.</summary>
    public const int MaxBytes = 64 * 1024;

    private readonly byte[] _utf8;
    private readonly JsonDocument _document;

    private JsonWebKeyDocument(byte[] utf8)
    {
        _utf8 = utf8;
        _document = JsonDocument.Parse(utf8, new JsonDocumentOptions { MaxDepth = StrictJson.MaxDepth });
    }

    public static string Malformed { get; } = $"The text is not one JSON object in UTF-8 of at most {MaxBytes} bytes without duplicate names.";

    public JsonElement Root => _document.RootElement;

    public static JsonWebKeyDocument? TryParse(ReadOnlySpan<byte> json)
    {
        if (json.Length > MaxBytes || StrictJson.Check(json) is not JsonFault.None)
        {
            return null;
        }

        return new JsonWebKeyDocument(json.ToArray());
    }

    public void Dispose()
    {
        _document.Dispose();
        CryptographicOperations.ZeroMemory(_utf8);
    }
}
