using System.Buffers.Text;
using System.Text;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Jose;

/// <summary>Writes the header of a key's tokens.</summary>
internal static class JoseHeaderWriter
{
    public const string AccessTyp = "at+jwt";
    public const string RefreshTyp = "rt+jwt";

    /// <summary>The <c>typ</c> that applications with a shared secret write and expect. There the claim <c>type</c> tells the kinds apart.</summary>
    public const string SharedSecretTyp = "JWT";

    /// <summary>Returns the header segment. Names of algorithms and key ids are plain ASCII without quotes, so nothing needs escaping.</summary>
    public static byte[] Write(VerificationKey key, TokenType type)
    {
        var typ = type == TokenType.Access ? AccessTyp : RefreshTyp;
        var header = key.KeyId is { } keyId
            ? $$"""{"alg":"{{key.Algorithm.Name}}","typ":"{{typ}}","kid":"{{keyId}}"}"""
            : $$"""{"alg":"{{key.Algorithm.Name}}","typ":"{{SharedSecretTyp}}"}""";
        return Base64Url.EncodeToUtf8(Encoding.ASCII.GetBytes(header));
    }
}
