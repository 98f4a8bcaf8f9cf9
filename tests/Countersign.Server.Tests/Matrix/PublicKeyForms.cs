using System.Security.Cryptography;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Matrix;

/// <summary>A public key as bytes, in every form in which it may have been handed to a MAC by mistake.</summary>
internal static class PublicKeyForms
{
    public static IEnumerable<(string Name, byte[] Secret)> All(SigningKey key)
    {
        var der = key.ExportSubjectPublicKeyInfo();
        var pem = PemEncoding.WriteString("PUBLIC KEY", der);
        var jwk = Jwk(key);
        using var ec = ECDsa.Create();
        ec.ImportSubjectPublicKeyInfo(der, out _);
        var point = ec.ExportParameters(includePrivateParameters: false).Q;
        return
        [
            ("DER", der),
            ("PEM", Text(pem)),
            ("PEM and a line break", Text(pem + "\n")),
            ("PEM with CRLF", Text(pem.ReplaceLineEndings("\r\n"))),
            ("PEM behind a space", Text(" " + pem)),
            ("PEM behind a byte order mark", [0xEF, 0xBB, 0xBF, .. Text(pem)]),
            ("PEM in one line", Text(pem.ReplaceLineEndings(string.Empty))),
            ("base64 of the DER", Text(Convert.ToBase64String(der))),
            ("base64url of the DER", Text(Forge.Encode(der))),
            ("JWK", Text(jwk)),
            ("JWK set", Text(Encoding.UTF8.GetString(JsonWebKeySet.Write([key.VerificationKey])))),
            ("point", [.. point.X!, .. point.Y!]),
            ("point, uncompressed form", [0x04, .. point.X!, .. point.Y!]),
            ("point, compressed form", [(byte)(0x02 + (point.Y![^1] & 1)), .. point.X!]),
            ("x", point.X!),
            ("x in base64url", Text(Forge.Encode(point.X))),
            ("kid", Text(key.KeyId!)),
            ("nothing", []),
            ("a zero byte", [0]),
        ];
    }

    /// <summary>The public key as JSON (RFC 7517).</summary>
    public static string Jwk(SigningKey key)
    {
        var set = Encoding.UTF8.GetString(JsonWebKeySet.Write([key.VerificationKey]));
        return set["{\"keys\":[".Length..^"]}".Length];
    }

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);
}
