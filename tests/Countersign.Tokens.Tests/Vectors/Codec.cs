using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>The layers under the validator, for vectors whose payload is no claims set: segments, base64url, header, key, algorithm, signature.</summary>
internal static class Codec
{
    public static bool Verifies(string jws, KeySet keys)
    {
        var token = Encoding.UTF8.GetBytes(jws);
        var memory = new byte[token.Length];
        if (!CompactToken.TrySplit(token, out var segments)
            || !Base64UrlStrict.TryDecode(segments.Payload, memory, out _)
            || !Base64UrlStrict.TryDecode(segments.Header, memory, out var headerJson))
        {
            return false;
        }

        Span<char> keyId = stackalloc char[KeyIdentifier.MaxLength];
        if (JoseHeader.Read(headerJson, keyId, out var header) is not null || !Base64UrlStrict.TryDecode(segments.Signature, memory, out var signature))
        {
            return false;
        }

        var key = header.HasKeyId ? keys.Find(keyId[..header.KeyIdLength]) : keys.Verification.Count == 1 ? keys.Verification[0] : null;
        return key is not null && ReferenceEquals(key.Algorithm, header.Algorithm) && key.Verify(segments.SigningInput, signature);
    }
}
