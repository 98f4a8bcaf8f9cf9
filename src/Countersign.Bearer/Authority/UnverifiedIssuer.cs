using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Bearer.Authority;

/// <summary>
/// Reads the issuer from an unverified token. It is used only to decide whether to ask this authority for an unknown key, and which of several refusals a
/// client gets.
/// </summary>
internal static class UnverifiedIssuer
{
    /// <summary>Whether a refused token names the issuer. False for a malformed token.</summary>
    /// <param name="token">The token, within the length limit.</param>
    /// <param name="issuer">The issuer, compared ordinally.</param>
    public static bool Is(ReadOnlySpan<char> token, string issuer)
    {
        var payload = token[(token.IndexOf('.') + 1)..];
        var end = payload.IndexOf('.');
        if (end <= 0)
        {
            return false;
        }

        var utf8 = Encoding.UTF8.GetBytes(payload[..end].ToArray());
        var json = new byte[Base64Url.GetMaxDecodedLength(utf8.Length)];
        return Base64Url.DecodeFromUtf8(utf8, json, out _, out var written) == System.Buffers.OperationStatus.Done && Names(json.AsMemory(0, written), issuer);
    }

    private static bool Names(ReadOnlyMemory<byte> json, string issuer)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(ClaimNames.Issuer, out var value)
                && value.ValueKind == JsonValueKind.String
                && value.ValueEquals(issuer);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter exception is for escaped text with half of a surrogate pair.
            return false;
        }
    }
}
