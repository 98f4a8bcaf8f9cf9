using System.Buffers.Text;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Jose;

/// <summary>Writes the header of a key's tokens.</summary>
internal static class JoseHeaderWriter
{
    public const string AccessTyp = "at+jwt";
    public const string RefreshTyp = "rt+jwt";

    /// <summary>What applications that share a secret write and expect; the claim "type" tells the kinds apart there.</summary>
    public const string SharedSecretTyp = "JWT";

    /// <summary>The header segment. Nothing in it needs escaping: names of algorithms and key ids are plain ASCII without quotes.</summary>
    public static byte[] Write(VerificationKey key, TokenType type)
    {
        var typ = type == TokenType.Access ? AccessTyp : RefreshTyp;
        var header = key.KeyId is { } keyId
            ? $$"""{"alg":"{{key.Algorithm.Name}}","typ":"{{typ}}","kid":"{{keyId}}"}"""
            : $$"""{"alg":"{{key.Algorithm.Name}}","typ":"{{SharedSecretTyp}}"}""";
        return Base64Url.EncodeToUtf8(Encoding.ASCII.GetBytes(header));
    }
}
