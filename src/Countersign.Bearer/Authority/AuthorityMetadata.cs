using System.Text.Json;

namespace Countersign.Bearer.Authority;

/// <summary>Reads the issuer and the address of the keys from an authority's metadata (OpenID Connect Discovery 1.0 §3, RFC 8414 §2).</summary>
internal static class AuthorityMetadata
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <summary>Reads the address of the JWK Set.</summary>
    /// <param name="json">The document.</param>
    /// <param name="settings">The authority whose metadata it must be.</param>
    /// <param name="jwksUri">The address; null if there is a fault.</param>
    /// <returns>What is wrong, or null.</returns>
    public static string? ReadJwksUri(ReadOnlyMemory<byte> json, AuthoritySettings settings, out Uri? jwksUri)
    {
        jwksUri = null;
        try
        {
            using var document = JsonDocument.Parse(json, Strict);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return "the metadata is no JSON object";
            }

            // RFC 8414 section 3.3: the value must be identical, otherwise the document must not be used.
            if (!string.Equals(FindText(root, "issuer"), settings.Issuer, StringComparison.Ordinal))
            {
                return $"the metadata's issuer is not {settings.Issuer}";
            }

            if (!Uri.TryCreate(FindText(root, "jwks_uri"), UriKind.Absolute, out var address))
            {
                return "the metadata's jwks_uri is missing or is not an absolute URL";
            }

            if (!settings.IsOfOrigin(address))
            {
                return "the metadata's jwks_uri has another origin than the authority; if that is right, configure it as JwksUri";
            }

            jwksUri = address;
            return null;
        }
        catch (JsonException)
        {
            return "the metadata is not JSON, or has a name twice";
        }
        catch (InvalidOperationException)
        {
            // The text contains escaped lone surrogates.
            return "the metadata's issuer or jwks_uri is not text";
        }
    }

    private static string? FindText(JsonElement root, string name) =>
        root.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;
}
