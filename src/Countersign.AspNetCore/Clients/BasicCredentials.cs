using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
using Countersign.AspNetCore.Wire;

namespace Countersign.AspNetCore.Clients;

/// <summary>The id and the secret that a client sends by HTTP Basic (RFC 7617 §2). Each is encoded as in a form first (RFC 6749 §2.3.1).</summary>
internal sealed class BasicCredentials : IDisposable
{
    private const string Scheme = "Basic ";

    private readonly byte[] _secret;

    private BasicCredentials(string id, byte[] secret)
    {
        Id = id;
        _secret = secret;
    }

    public string Id { get; }

    /// <summary>The bytes of the secret; may be empty.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <summary>Reads the value of an <c>Authorization</c> header, strictly: one space, base64 as in RFC 4648 §4, a colon, valid escapes, UTF-8.</summary>
    /// <returns>False if the value has any other form.</returns>
    public static bool TryRead(string? header, [NotNullWhen(true)] out BasicCredentials? credentials)
    {
        credentials = null;
        if (header is null || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        var text = header.AsSpan(Scheme.Length);
        var bytes = new byte[text.Length / 4 * 3];
        try
        {
            // The platform's decoder skips white space and ignores unused bits. Only one text is the encoding of these bytes.
            if (!Convert.TryFromBase64Chars(text, bytes, out var length) || !text.SequenceEqual(Convert.ToBase64String(bytes, 0, length)))
            {
                return false;
            }

            credentials = Split(bytes.AsSpan(0, length));
            return credentials is not null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(bytes);
        }
    }

    /// <inheritdoc />
    public void Dispose() => CryptographicOperations.ZeroMemory(_secret);

    private static BasicCredentials? Split(Span<byte> credentials)
    {
        var colon = credentials.IndexOf((byte)':');
        return colon > 0
            && FormText.TryDecode(credentials[..colon], out var id)
            && FormText.TryDecode(credentials[(colon + 1)..], out var secret)
            && Utf8.IsValid(id)
            && Utf8.IsValid(secret)
                ? new BasicCredentials(Encoding.UTF8.GetString(id), secret.ToArray())
                : null;
    }
}
