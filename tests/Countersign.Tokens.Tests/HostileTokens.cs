using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests;

/// <summary>
/// Hostile access tokens for a strict policy. Save where the signature itself is what is wrong, each is signed with the genuine key, so that nothing but
/// the rule it names can refuse it.
/// </summary>
internal static class HostileTokens
{
    public static IReadOnlyList<HostileToken> For(Forge forge) =>
        [
            .. Format(forge), .. Json(forge), .. Algorithms(forge), .. KeyIds(forge), .. Headers(forge), .. HostileSignatures.For(forge),
            .. HostileClaims.For(forge)
        ];

    private static IEnumerable<HostileToken> Format(Forge forge)
    {
        var good = forge.Token();
        var parts = good.Split('.');
        HostileToken Segments(string name, string token) => new("J-01", name, token, TokenError.MalformedSegments);
        yield return Segments("empty", "");
        yield return Segments("one dot", ".");
        yield return Segments("two dots", "..");
        yield return Segments("one segment", parts[0]);
        yield return Segments("two segments", $"{parts[0]}.{parts[1]}");
        yield return Segments("signature empty", $"{parts[0]}.{parts[1]}.");
        yield return Segments("header empty", $".{parts[1]}.{parts[2]}");
        yield return Segments("payload empty", forge.Sign(parts[0], ""));
        yield return Segments("leading dot", $".{good}");
        yield return Segments("trailing dot", $"{good}.");
        yield return Segments("four segments", $"{good}.e30");
        yield return Segments("five segments of an encrypted token", $"{good}.e30.e30");
        yield return Segments(
            "JSON serialization", $$"""{"payload":"{{parts[1]}}","protected":"{{parts[0]}}","signature":"{{parts[2]}}"}""") with { Rule = "J-02" };
        yield return new("J-02", "JSON around a compact token", $$"""{"":"{{parts[0]}}.{{parts[1]}}.{{parts[2]}}"}""", TokenError.MalformedBase64Url);

        HostileToken Base64(string name, string token) => new("J-03", name, token, TokenError.MalformedBase64Url);
        yield return Base64("leading space", $" {good}");
        yield return Base64("trailing space", $"{good} ");
        yield return Base64("trailing newline", $"{good}\n");
        yield return Base64("padding in signature", $"{good}=");
        yield return Base64("no ASCII", $"{good}é");
        yield return Base64("NUL", $"{good}\0");
        foreach (var (name, text) in new[] { ("padding", "=="), ("space", " "), ("tab", "\t"), ("newline", "\r\n"), ("plus", "+A=="), ("slash", "/A") })
        {
            yield return Base64($"{name} in header, signed", forge.Sign(parts[0] + text, parts[1]));
            yield return Base64($"{name} in payload, signed", forge.Sign(parts[0], parts[1] + text));
        }

        // A JSON text of 3n + 1 bytes ends in a character whose last four bits are unused.
        var padded = Forge.Claims() + new string(' ', (4 - (Forge.Claims().Length % 3)) % 3);
        var canonical = Base64Url.EncodeToString(Encoding.ASCII.GetBytes(padded));
        yield return Base64("set bits after the last byte of the payload, signed", forge.Sign(parts[0], canonical[..^1] + (char)(canonical[^1] + 1)));
        yield return Base64("impossible length, signed", forge.Sign(parts[0], canonical[..^1]));

        yield return new("J-04", "longer than the limit", forge.Token(claims: Forge.Claims(("pad", $"\"{new string('x', 8192)}\""))), TokenError.TooLong);
        yield return new("J-04", "header longer than its limit", forge.Token(forge.Header() + new string(' ', 2000)), TokenError.TooLong);
        yield return new("J-04", "a hundred thousand dots", new string('.', 100_000), TokenError.TooLong);
        yield return new("J-04", "dots up to the limit", new string('.', 8192), TokenError.MalformedSegments);
    }

    private static IEnumerable<HostileToken> Json(Forge forge)
    {
        foreach (var (name, change) in JsonFaults())
        {
            yield return new(
                "J-05", $"{name} in header", forge.Token(change(forge.Header()), Encoding.UTF8.GetBytes(Forge.Claims())), TokenError.MalformedHeader);
            yield return new(
                "J-05", $"{name} in payload", forge.Token(Encoding.UTF8.GetBytes(forge.Header()), change(Forge.Claims())), TokenError.MalformedPayload);
        }

        HostileToken Payload(string rule, string name, string json, TokenError error) => new(rule, name, forge.Token(claims: Forge.Claims(("x", json))), error);
        yield return Payload("J-05", "lone surrogate escaped", "\"\\ud800\"", TokenError.MalformedPayload);
        yield return Payload("J-05", "surrogates in reverse", "\"\\udc00\\ud800\"", TokenError.MalformedPayload);
        yield return Payload("J-05", "surrogate before a letter", "\"\\ud800x\"", TokenError.MalformedPayload);
        yield return Payload("J-05", "nesting of 17", new string('[', 16) + new string(']', 16), TokenError.MalformedPayload);
        yield return Payload("J-05", "NaN", "NaN", TokenError.MalformedPayload);
        yield return Payload("J-05", "leading zero", "01", TokenError.MalformedPayload);
        var names = string.Join(',', Enumerable.Range(0, 513).Select(i => $"\"{i}\":1"));
        yield return Payload("J-05", "more names than the limit", $"{{{names}}}", TokenError.MalformedPayload);
        yield return new("J-05", "lone surrogate in a name", forge.Token(claims: Forge.Claims(("\\ud800", "1"))), TokenError.MalformedPayload);
        yield return new("J-05", "lone surrogate in kid", forge.Token(forge.Header(("kid", "\"\\udfff\""))), TokenError.MalformedHeader);
        yield return new("J-05", "lone surrogate in a header's name", forge.Token(forge.Header(("\\ud800", "1"))), TokenError.MalformedHeader);

        HostileToken Twice(string name, string token) => new("J-06", name, token, TokenError.DuplicateMember);
        var alg = $"\"{forge.Key.Algorithm.Name}\"";
        yield return Twice("alg", forge.Token(forge.Header()[..^1] + $",\"alg\":{alg}}}"));
        yield return Twice("alg escaped", forge.Token(forge.Header()[..^1] + $",\"\\u0061lg\":{alg}}}"));
        yield return Twice("kid", forge.Token(forge.Header()[..^1] + $",\"kid\":\"{forge.Key.KeyId}\"}}"));
        yield return Twice("typ", forge.Token(forge.Header()[..^1] + ",\"typ\":\"at+jwt\"}"));
        yield return Twice("sub", forge.Token(claims: Forge.Claims()[..^1] + ",\"sub\":\"1\"}"));
        yield return Twice("sub escaped", forge.Token(claims: Forge.Claims()[..^1] + ",\"s\\u0075b\":\"1\"}"));
        yield return Twice("escaped before plain", forge.Token(claims: "{\"\\u0065xp\":1," + Forge.Claims()[1..]));
        yield return Twice("both escaped differently", forge.Token(claims: Forge.Claims(("\\u0061b", "1"), ("a\\u0062", "2"))));
        yield return Twice("in a nested object", forge.Token(claims: Forge.Claims(("x", "[{\"a\":{\"b\":1,\"b\":1}}]"))));
    }

    private static IEnumerable<(string Name, Func<string, byte[]> Change)> JsonFaults()
    {
        static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
        yield return ("byte order mark", json => [0xEF, 0xBB, 0xBF, .. Utf8(json)]);
        yield return ("UTF-16", json => Encoding.Unicode.GetBytes(json));
        yield return ("UTF-32", json => Encoding.UTF32.GetBytes(json));
        yield return ("overlong UTF-8", json => [.. Utf8(json[..^1]), .. ",\""u8, 0xC0, 0xAF, .. "\":1}"u8]);
        yield return ("surrogate in UTF-8", json => [.. Utf8(json[..^1]), .. ",\""u8, 0xED, 0xA0, 0x80, .. "\":1}"u8]);
        yield return ("cut UTF-8", json => [.. Utf8(json[..^1]), .. ",\""u8, 0xE2, 0x82, .. "\":1}"u8]);
        yield return ("comment", json => Utf8("/**/" + json));
        yield return ("comment inside", json => Utf8("{/**/" + json[1..]));
        yield return ("trailing comma", json => Utf8(json[..^1] + ",}"));
        yield return ("trailing bytes", json => Utf8(json + "x"));
        yield return ("two objects", json => Utf8(json + json));
        yield return ("trailing NUL", json => Utf8(json + "\0"));
        yield return ("array", json => Utf8($"[{json}]"));
        yield return ("string", _ => Utf8("\"{}\""));
        yield return ("null", _ => Utf8("null"));
        yield return ("cut", json => Utf8(json[..^1]));
        yield return ("single quotes", json => Utf8(json.Replace('"', '\'')));
    }

    private static IEnumerable<HostileToken> Algorithms(Forge forge)
    {
        HostileToken Alg(string rule, string name, string? json, TokenError error) => new(rule, name, forge.Token(forge.Header(("alg", json))), error);
        var name = forge.Key.Algorithm.Name;
        yield return Alg("J-10", "missing", null, TokenError.MalformedHeader);
        yield return Alg("J-10", "null", "null", TokenError.MalformedHeader);
        yield return Alg("J-10", "number", "256", TokenError.MalformedHeader);
        yield return Alg("J-10", "array", $"[\"{name}\"]", TokenError.MalformedHeader);
        yield return Alg("J-10", "object", "{}", TokenError.MalformedHeader);
        yield return Alg("J-10", "empty", "\"\"", TokenError.AlgorithmMismatch);
        yield return Alg("J-10", "lower case", $"\"{name.ToLowerInvariant()}\"", TokenError.AlgorithmMismatch);
        yield return Alg("J-10", "trailing space", $"\"{name} \"", TokenError.AlgorithmMismatch);
        yield return Alg("J-10", "trailing NUL", $"\"{name}\\u0000\"", TokenError.AlgorithmMismatch);
        foreach (var none in new[] { "none", "None", "NONE", "nOnE", "nonE", "none ", "n\\u006fne" })
        {
            yield return Alg("J-11", $"{none} with a genuine signature", $"\"{none}\"", TokenError.AlgorithmMismatch);
            var unsigned = forge.Token(forge.Header(("alg", $"\"{none}\"")));
            yield return new("J-11", $"{none} without signature", unsigned[..(unsigned.LastIndexOf('.') + 1)], TokenError.MalformedSegments);
        }

        string[] others = [.. SignatureAlgorithm.All.Select(algorithm => algorithm.Name), "ES256K", "EdDSA", "Ed25519", "RSA-OAEP", "dir"];
        foreach (var other in others.Where(other => other != name))
        {
            yield return Alg("J-12", $"{other} with the genuine signature", $"\"{other}\"", TokenError.AlgorithmMismatch);
        }

        foreach (var (kind, secret) in MacKeys(forge))
        {
            foreach (var (mac, alg) in new[] { (HashAlgorithmName.SHA256, "HS256"), (HashAlgorithmName.SHA384, "HS384"), (HashAlgorithmName.SHA512, "HS512") })
            {
                var unsigned = forge.Token(forge.Header(("alg", $"\"{alg}\"")));
                var input = unsigned[..unsigned.LastIndexOf('.')];
                var tag = Base64Url.EncodeToString(CryptographicOperations.HmacData(mac, secret, Encoding.ASCII.GetBytes(input)));
                yield return new("J-13", $"{alg} under {kind}", $"{input}.{tag}", name == alg ? TokenError.BadSignature : TokenError.AlgorithmMismatch);
            }
        }
    }

    /// <summary>C-01 to C-08: every encoding of a public key that a verifier has been talked into taking for a secret.</summary>
    private static IEnumerable<(string Kind, byte[] Secret)> MacKeys(Forge forge)
    {
        yield return ("the empty key", []);
        yield return ("a key of zeroes", new byte[32]);
        if (forge.Key.Algorithm.IsSymmetric)
        {
            yield break;
        }

        var spki = forge.Key.ExportSubjectPublicKeyInfo();
        var pem = PemEncoding.WriteString("PUBLIC KEY", spki);
        yield return ("the public key in DER", spki);
        yield return ("the public key in PEM", Encoding.ASCII.GetBytes(pem));
        yield return ("the public key in PEM after a space", Encoding.ASCII.GetBytes($" {pem}\n"));
        yield return ("the public key in PEM after a byte order mark", [0xEF, 0xBB, 0xBF, .. Encoding.ASCII.GetBytes(pem)]);
        yield return ("the JWK Set", JsonWebKeySet.Write([forge.Key.VerificationKey]));
        if (!forge.Key.Algorithm.IsRsa)
        {
            yield return ("the public point", spki[^65..]);
            yield break;
        }

        using var rsa = RSA.Create();
        rsa.ImportSubjectPublicKeyInfo(spki, out _);
        yield return ("the modulus", rsa.ExportParameters(includePrivateParameters: false).Modulus!);
        yield return ("the public key in PKCS#1", rsa.ExportRSAPublicKey());
        yield return ("the public key in PKCS#1 PEM", Encoding.ASCII.GetBytes(rsa.ExportRSAPublicKeyPem()));
    }

    private static IEnumerable<HostileToken> KeyIds(Forge forge)
    {
        HostileToken Kid(string name, string? json, TokenError error = TokenError.UnknownKey) =>
            new("J-14", name, forge.Token(forge.Header(("kid", json))), error);
        var kid = forge.Key.KeyId!;
        yield return Kid("missing", null);
        yield return Kid("unknown", "\"other\"");
        yield return Kid("empty", "\"\"");
        yield return Kid("other case", $"\"{kid.ToUpperInvariant()}\"");
        yield return Kid("prefix", $"\"{kid[..^1]}\"");
        yield return Kid("trailing NUL", $"\"{kid}\\u0000\"");
        yield return Kid("too long", $"\"{new string('k', 1200)}\"");
        yield return Kid("path", "\"../../../../dev/null\"");
        yield return Kid("SQL", "\"x' UNION SELECT 'secret' --\"");
        yield return Kid("LDAP", "\"*)(uid=*))(|(uid=*\"");
        yield return Kid("URL", "\"https://attacker.example/key\"");
        yield return Kid("line break", "\"x\\r\\nSet-Cookie: a=b\"");
        yield return Kid("null", "null", TokenError.MalformedHeader);
        yield return Kid("number", "0", TokenError.MalformedHeader);
        yield return Kid("array", $"[\"{kid}\"]", TokenError.MalformedHeader);
        yield return Kid("object", "{}", TokenError.MalformedHeader);
    }

    private static IEnumerable<HostileToken> Headers(Forge forge)
    {
        HostileToken With(string rule, string member, string json) =>
            new(rule, $"{member} {json}", forge.Token(forge.Header((member, json))), TokenError.UnsupportedHeader);
        foreach (var member in new[] { "jku", "x5u", "x5t", "x5t#S256" })
        {
            yield return With("J-15", member, "\"https://127.0.0.1:1/\"");
        }

        yield return With("J-15", "jwk", "{\"kty\":\"oct\",\"k\":\"\"}");
        yield return With("J-15", "x5c", "[\"AA\"]");
        yield return With("J-16", "crit", "[\"b64\"]");
        yield return With("J-16", "crit", "[]");
        yield return With("J-16", "crit", "null");
        yield return With("J-16", "\\u0063rit", "[\"exp\"]");
        yield return With("J-16", "b64", "true");
        yield return With("J-16", "zip", "\"DEF\"");
        yield return With("J-16", "enc", "\"A128GCM\"");
        yield return With("J-16", "cty", "\"JWT\"");
        yield return With("J-17", "x", "1");
        yield return With("J-17", "p2c", "2147483647");
        yield return With("J-17", "ALG", "\"none\"");
        yield return With("J-17", "iss", "\"https://auth.example\"");
    }
}
