using System.Text;
using Countersign.Tokens.Jose;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Vectors;

/// <summary>The layers under the validator, for vectors whose payload is no claims set: segments, base64url, header, key, algorithm, signature.</summary>
internal static class Codec
{
    public static bool Verifies(string jws, KeySet keys) => Problem(jws, keys) is null;

    /// <summary>Why a token is refused by these layers, in their order; null when none refuses it.</summary>
    public static TokenError? Problem(string jws, KeySet keys)
    {
        var token = Encoding.UTF8.GetBytes(jws);
        var memory = new byte[token.Length];
        if (!CompactToken.TrySplit(token, out var segments))
        {
            return TokenError.MalformedSegments;
        }

        var signature = new byte[token.Length];
        if (!Base64UrlStrict.TryDecode(segments.Payload, memory, out _)
            || !Base64UrlStrict.TryDecode(segments.Signature, signature, out var signed)
            || !Base64UrlStrict.TryDecode(segments.Header, memory, out var headerJson))
        {
            return TokenError.MalformedBase64Url;
        }

        Span<char> keyId = stackalloc char[KeyIdentifier.MaxLength];
        if (JoseHeader.Read(headerJson, keyId, out var header) is { } error)
        {
            return error;
        }

        var key = header.HasKeyId ? keys.Find(keyId[..header.KeyIdLength]) : keys.Verification.Count == 1 ? keys.Verification[0] : null;
        return key is null ? TokenError.UnknownKey
            : !ReferenceEquals(key.Algorithm, header.Algorithm) ? TokenError.AlgorithmMismatch
            : key.Verify(segments.SigningInput, signed) ? null
            : TokenError.BadSignature;
    }
}
