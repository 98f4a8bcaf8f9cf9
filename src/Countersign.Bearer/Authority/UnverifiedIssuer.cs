using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using Countersign.Tokens.Jose;

namespace Countersign.Bearer.Authority;

/// <summary>
/// Reads the issuer from an unverified token. It is used only to decide whether to ask this authority for an unknown key, which of several refusals a client
/// gets, and which scheme of the app checks the token.
/// </summary>
internal static class UnverifiedIssuer
{
    /// <summary>Whose a token says that it is.</summary>
    /// <param name="token">The token, within the length limit.</param>
    /// <param name="issuer">The issuer, compared ordinally.</param>
    /// <returns><see cref="TokenOrigin.Unknown"/> for a malformed token, and for one that names no issuer.</returns>
    public static TokenOrigin Of(ReadOnlySpan<char> token, string issuer)
    {
        var payload = token[(token.IndexOf('.') + 1)..];
        var end = payload.IndexOf('.');
        if (end <= 0)
        {
            return TokenOrigin.Unknown;
        }

        var utf8 = Encoding.UTF8.GetBytes(payload[..end].ToArray());
        var json = new byte[Base64Url.GetMaxDecodedLength(utf8.Length)];
        return Base64Url.DecodeFromUtf8(utf8, json, out _, out var written) == System.Buffers.OperationStatus.Done
            ? Read(json.AsMemory(0, written), issuer)
            : TokenOrigin.Unknown;
    }

    private static TokenOrigin Read(ReadOnlyMemory<byte> json, string issuer)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return document.RootElement.ValueKind != JsonValueKind.Object || !document.RootElement.TryGetProperty(ClaimNames.Issuer, out var value)
                ? TokenOrigin.Unknown
                : value.ValueKind == JsonValueKind.String && value.ValueEquals(issuer) ? TokenOrigin.Own : TokenOrigin.Foreign;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter exception is for escaped text with half of a surrogate pair.
            return TokenOrigin.Unknown;
        }
    }
}
