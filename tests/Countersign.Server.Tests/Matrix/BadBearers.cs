using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// Every bad credential of a route that takes an access token. What is signed anew is signed with the server's own key, unless its name says otherwise.
/// </summary>
internal static partial class BadBearers
{
    private const string MalformedText = "token_base64url_malformed";

    public static IEnumerable<BadBearer> All(MatrixServer server) =>
        [
            .. Forms(server.Access), .. Texts(server.Access), .. Headers(server.Access), .. Keys(server), .. Confusions(server), .. Claims(server.Access),
            .. Sessions(server)
        ];

    /// <summary>Everything that can be wrong around a token that is good.</summary>
    private static IEnumerable<BadBearer> Forms(Forge access)
    {
        var good = access.Genuine;
        var repeated = new Expected(400, "authorization_repeated", "invalid_request");
        var inQuery = new Expected(400, "token_in_query", "invalid_request");
        var inQueryByItself = new Expected(400, "credential_in_query");
        return
        [
            new("none", static call => call, Expected.NoCredential),
            BadBearer.Header("empty header", string.Empty, Expected.NoCredential),
            BadBearer.Header("scheme alone", "Bearer", Expected.InvalidToken("token_segments_malformed")),
            BadBearer.Header("scheme alone, lower case", "bearer", Expected.InvalidToken("token_segments_malformed")),
            BadBearer.Header("token without scheme", good, Expected.NoCredential),
            BadBearer.Header("Basic", "Basic " + Convert.ToBase64String("ada:secret"u8), Expected.NoCredential),
            BadBearer.Header("token under Basic", "Basic " + good, Expected.NoCredential),
            BadBearer.Header("token under DPoP", "DPoP " + good, Expected.NoCredential),
            BadBearer.Header("token under Token", "Token " + good, Expected.NoCredential),
            BadBearer.Header("another scheme that begins alike", "BearerX " + good, Expected.NoCredential),
            BadBearer.Header("no space", "Bearer" + good, Expected.NoCredential),
            BadBearer.Header("colon", "Bearer: " + good, Expected.NoCredential),
            BadBearer.Header("tab", "Bearer\t" + good, Expected.NoCredential),
            BadBearer.Header("two spaces", "Bearer  " + good, Expected.InvalidToken(MalformedText)),
            BadBearer.Header("quoted", $"Bearer \"{good}\"", Expected.InvalidToken(MalformedText)),
            BadBearer.Header("as a parameter", $"Bearer token={good}", Expected.InvalidToken(MalformedText)),
            BadBearer.Header("scheme twice", "Bearer Bearer " + good, Expected.InvalidToken(MalformedText)),
            BadBearer.Header("two in one header", $"Bearer {good}, Bearer {good}", Expected.InvalidToken("token_segments_malformed")),
            BadBearer.Header("behind Basic in one header", $"Basic YTpi, Bearer {good}", Expected.NoCredential),
            BadBearer.Header("text behind it", $"Bearer {good} x", Expected.InvalidToken(MalformedText)),
            new("two headers, both good", call => call.With("Authorization", $"Bearer {good}").With("Authorization", $"Bearer {good}"), repeated),
            new("two headers, the second empty", call => call.With("Authorization", $"Bearer {good}").With("Authorization", string.Empty), repeated),
            new("two headers, the first Basic", call => call.With("Authorization", "Basic YTpi").With("authorization", $"Bearer {good}"), repeated),
            new("in the query", call => call.WithQuery("access_token", good), inQuery) { ByItself = inQueryByItself },
            new("in the query, other case", call => call.WithQuery("Access_Token", good), inQuery) { ByItself = inQueryByItself },
            new(
                "in the header and in the query",
                call => call.With("Authorization", $"Bearer {good}").WithQuery("access_token", good),
                inQuery) { ByItself = inQueryByItself },
            new(
                "in the header, and a query that is empty",
                call => call.With("Authorization", $"Bearer {good}").WithQuery("access_token", string.Empty),
                inQuery) { ByItself = inQueryByItself },
            new("in a form", call => call.WithBody("application/x-www-form-urlencoded", $"access_token={good}"), Expected.NoCredential)
            {
                ByItself = new(415, "content_type_unsupported"),
            },
            new("in a JSON body", call => call.WithBody("application/json", $"{{\"access_token\":\"{good}\"}}"), Expected.NoCredential)
            {
                ByItself = new(400, "member_unknown"),
            },
            new("in a cookie", call => call.With("Cookie", $"access_token={good}; Authorization={good}"), Expected.NoCredential),
            new(
                "in other headers",
                call => call.With("X-Authorization", $"Bearer {good}").With("X-Access-Token", good).With("Proxy-Authorization", $"Bearer {good}")
                    .With("X-Forwarded-Authorization", $"Bearer {good}"),
                Expected.NoCredential),
            new(
                "told who it is by headers",
                static call =>
                    call.With("X-User", "admin").With("X-Forwarded-User", "admin").With("X-Remote-User", "admin").With("X-Original-URL", "/health/live")
                        .With("X-HTTP-Method-Override", "GET"),
                Expected.NoCredential),
        ];
    }

    /// <summary>The text of a good token, cut, padded and written in other ways.</summary>
    private static IEnumerable<BadBearer> Texts(Forge access)
    {
        var good = access.Genuine;
        var parts = good.Split('.');
        var (header, claims, signature) = (parts[0], parts[1], parts[2]);
        yield return BadBearer.Token("no token at all", "nonsense", "token_segments_malformed");
        yield return BadBearer.Token("only dots", "..", "token_segments_malformed");
        yield return BadBearer.Token("prefix: header", header, "token_segments_malformed");
        yield return BadBearer.Token("prefix: header and dot", $"{header}.", "token_segments_malformed");
        yield return BadBearer.Token("prefix: half of the claims", $"{header}.{claims[..(claims.Length / 2)]}", "token_segments_malformed");
        yield return BadBearer.Token("prefix: header and claims", $"{header}.{claims}", "token_segments_malformed");
        yield return BadBearer.Token("prefix: no signature", $"{header}.{claims}.", "token_segments_malformed");
        yield return BadBearer.Token("prefix: one character of the signature", $"{header}.{claims}.{signature[..1]}", MalformedText);
        yield return BadBearer.Token("prefix: half of the signature", $"{header}.{claims}.{signature[..44]}", "token_signature_invalid");
        yield return BadBearer.Token("without the last character", good[..^1], MalformedText);
        yield return BadBearer.Token("without the last byte", $"{header}.{claims}.{signature[..84]}", "token_signature_invalid");
        yield return BadBearer.Token("without the first character", good[1..], MalformedText);
        yield return BadBearer.Token("suffix: claims and signature", $"{claims}.{signature}", "token_segments_malformed");
        yield return BadBearer.Token("no header", $".{claims}.{signature}", "token_segments_malformed");
        yield return BadBearer.Token("no claims", $"{header}..{signature}", "token_segments_malformed");
        yield return BadBearer.Token("a fourth segment", $"{good}.{signature}", "token_segments_malformed");
        yield return BadBearer.Token("five segments", $"{header}.{claims}.{signature}.{claims}.{signature}", "token_segments_malformed");
        yield return BadBearer.Token("dot behind", $"{good}.", "token_segments_malformed");
        yield return BadBearer.Token("dot before", $".{good}", "token_segments_malformed");
        yield return BadBearer.Token("padded", $"{good}==", MalformedText);
        yield return BadBearer.Token("escaped", Uri.EscapeDataString(good).Replace(".", "%2E", StringComparison.Ordinal), "token_segments_malformed");
        yield return BadBearer.Token("other bits behind the last byte", good[..^1] + NextInAlphabet(good[^1]), MalformedText);
        yield return BadBearer.Token("signature in the other alphabet", $"{header}.{claims}.+/{signature[2..]}", MalformedText);
        yield return BadBearer.Token("signature of zeroes", $"{header}.{claims}.{Forge.Encode(new byte[64])}", "token_signature_invalid");
        yield return BadBearer.Token("signature in DER", $"{header}.{claims}.{Forge.Encode(new byte[70])}", "token_signature_invalid");
        yield return BadBearer.Token("header in upper case", $"{header.ToUpperInvariant()}.{claims}.{signature}", "token_header_malformed");
        yield return BadBearer.Token("too long", good + new string('A', 8192 - good.Length + 1), "token_too_long");
        yield return BadBearer.Token("outside of ASCII", $"{good[..^2]}\u00e9\u00e9", MalformedText);
        yield return BadBearer.Token(
            "JSON serialization", $"{{\"protected\":\"{header}\",\"payload\":\"{claims}\",\"signature\":\"{signature}\"}}", "token_segments_malformed");
        yield return BadBearer.Token(
            "tampered: another subject", access.Tamper(static set => set["sub"] = Guid.CreateVersion7().ToString()), "token_signature_invalid");
        yield return BadBearer.Token("tampered: a role", access.Tamper(static set => set["roles"] = new JsonArray("admin")), "token_signature_invalid");
        yield return BadBearer.Token(
            "tampered: a longer life", access.Tamper(static set => set["exp"] = set["exp"]!.GetValue<long>() + 600), "token_signature_invalid");
        yield return BadBearer.Token(
            "tampered: nothing but a space", access.Tamper(static set => set["iss"] = set["iss"]!.GetValue<string>() + " "), "token_signature_invalid");
    }

    private static char NextInAlphabet(char last)
    {
        // 64 bytes end in a character of which four bits count for nothing: the next in the alphabet sets one of those.
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        return Alphabet[Alphabet.IndexOf(last, StringComparison.Ordinal) + 1];
    }

    private static IEnumerable<BadBearer> Headers(Forge access)
    {
        foreach (var typ in (string[])["JWT", "rt+jwt", "id+jwt", "dpop+jwt", "AT+JWT", "at+jwt ", "logout+jwt", ""])
        {
            yield return BadBearer.Token($"typ {typ}", access.Sign(header: header => header["typ"] = typ), "token_typ_wrong");
        }

        yield return BadBearer.Token("typ missing", access.Sign(header: static header => header.Remove("typ")), "token_typ_wrong");
        yield return BadBearer.Token("typ a number", access.Sign(header: static header => header["typ"] = 1), "token_typ_wrong");

        foreach (var none in (string[])["none", "None", "NONE", "nOnE", "noNe", "none ", ""])
        {
            yield return BadBearer.Token($"alg '{none}' with a signature", access.Sign(header: header => header["alg"] = none), "token_algorithm_mismatch");
            var unsigned = access.Relabel(header => header["alg"] = none);
            yield return BadBearer.Token($"alg '{none}' without one", unsigned[..(unsigned.LastIndexOf('.') + 1)], "token_segments_malformed");
        }

        foreach (var algorithm in (string[])["HS256", "HS384", "HS512", "RS256", "RS512", "PS256", "ES384", "ES512", "ES256K", "EdDSA", "es256", "ES256 "])
        {
            yield return BadBearer.Token(
                $"alg {algorithm} under the server's key", access.Sign(header: header => header["alg"] = algorithm), "token_algorithm_mismatch");
        }

        yield return BadBearer.Token("alg missing", access.Sign(header: static header => header.Remove("alg")), "token_header_malformed");
        yield return BadBearer.Token("alg null", access.Sign(header: static header => header["alg"] = null), "token_header_malformed");
        yield return BadBearer.Token("alg an array", access.Sign(header: static header => header["alg"] = new JsonArray("ES256")), "token_header_malformed");
        foreach (var name in (string[])["crit", "jwk", "jku", "x5u", "x5c", "x5t", "x5t#S256", "b64", "zip", "enc", "cty", "nonce", "admin"])
        {
            yield return BadBearer.Token(
                $"header {name}", access.Sign(header: header => header[name] = "https://evil.example/keys"), "token_header_unsupported");
        }

        yield return BadBearer.Token("header with a member twice", Twice(access), "token_member_duplicated");
        foreach (var (name, keyId) in KeyIds(access.Key.KeyId!))
        {
            yield return BadBearer.Token($"kid {name}", access.Sign(header: header => header["kid"] = keyId), "token_key_unknown");
        }

        yield return BadBearer.Token("kid of 5,000 characters", access.Sign(header: static header => header["kid"] = new string('k', 5000)), "token_too_long");
        yield return BadBearer.Token("kid missing", access.Sign(header: static header => header.Remove("kid")), "token_key_unknown");
        yield return BadBearer.Token("kid null", access.Sign(header: static header => header["kid"] = null), "token_header_malformed");
        yield return BadBearer.Token("kid a number", access.Sign(header: static header => header["kid"] = 0), "token_header_malformed");
    }

    private static string Twice(Forge access)
    {
        var header = $"{{\"alg\":\"ES256\",\"typ\":\"at+jwt\",\"kid\":\"{access.Key.KeyId}\",\"k\\u0069d\":\"{access.Key.KeyId}\"}}";
        return Forge.Sign(header, access.Claims.ToJsonString(), access.Key);
    }

    private static IEnumerable<(string Name, string KeyId)> KeyIds(string good) =>
    [
        ("unknown", KeyThumbprint()), ("empty", string.Empty), ("in other case", good.ToUpperInvariant()), ("and a space", good + " "), ("cut", good[..^1]),
        ("a path", "../../../../dev/null"), ("SQL", "' OR 1=1 --"), ("LDAP", "*)(kid=*"), ("a URL", "https://evil.example/key"),
        ("a line break", $"{good}\r\nX: y"), ("a NUL", $"{good}\0"),
    ];

    private static string KeyThumbprint()
    {
        using var key = SigningKey.Create(SignatureAlgorithm.ES256);
        return key.KeyId!;
    }

    /// <summary>Other people's keys, and the keys of another time and place.</summary>
    private static IEnumerable<BadBearer> Keys(MatrixServer server)
    {
        var access = server.Access;
        using var foreign = SigningKey.Create(SignatureAlgorithm.ES256);
        return
        [
            BadBearer.Token("foreign key under our kid", access.Sign(with: foreign), "token_signature_invalid"),
            BadBearer.Token("foreign key under its own kid", access.Sign(header: header => header["kid"] = foreign.KeyId, with: foreign), "token_key_unknown"),
            BadBearer.Token("foreign key with its public part in the header", access.Sign(
                header: header => header["jwk"] = JsonNode.Parse(PublicKeyForms.Jwk(foreign)), with: foreign), "token_header_unsupported"),
            BadBearer.Token("removed key", server.OfRemovedKey, "token_key_unknown"),
            BadBearer.Token("key of another environment", server.Elsewhere.AccessToken, "token_key_unknown"),
            BadBearer.Token("token of another environment under our kid", Relabelled(server.Elsewhere.AccessToken, access), "token_signature_invalid"),
            BadBearer.Token("refresh key, as an access token", access.Sign(
                header: header => { header["kid"] = server.Refresh.Key.KeyId; header["alg"] = "HS256"; }, with: server.Refresh.Key), "token_key_unknown"),
        ];
    }

    private static string Relabelled(string token, Forge access) => new Forge(token, access.Key).Relabel(header => header["kid"] = access.Key.KeyId);

    /// <summary>MACs under what everybody knows: the public key, in every way in which it can be written.</summary>
    private static IEnumerable<BadBearer> Confusions(MatrixServer server)
    {
        var access = server.Access;
        foreach (var (name, secret) in PublicKeyForms.All(access.Key))
        {
            foreach (var algorithm in (string[])["HS256", "HS384", "HS512"])
            {
                yield return BadBearer.Token($"{algorithm} under the public key: {name}", access.Mac(algorithm, secret), "token_algorithm_mismatch");
            }

            yield return BadBearer.Token(
                $"a MAC that calls itself ES256, under the public key: {name}", access.Mac("HS512", secret, "ES256"), "token_signature_invalid");
        }
    }
}
