using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Countersign.Tokens.Keys;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// Makes tokens from a genuine one: its header and its claims with one thing changed, signed anew with whatever key, so that one rule alone refuses them.
/// </summary>
/// <param name="genuine">A token that the server has issued.</param>
/// <param name="key">The server's own key for tokens of its kind.</param>
internal sealed class Forge(string genuine, SigningKey key)
{
    private readonly string[] _segments = genuine.Split('.');

    /// <summary>The token that everything is made from.</summary>
    public string Genuine { get; } = genuine;

    /// <summary>The server's own key.</summary>
    public SigningKey Key { get; } = key;

    /// <summary>The claims, to read.</summary>
    public JsonObject Claims => Read(1);

    /// <summary>The token with other claims or another header, under the server's key.</summary>
    public string Sign(Action<JsonObject>? claims = null, Action<JsonObject>? header = null, SigningKey? with = null)
    {
        var (changedHeader, changedClaims) = (Read(0), Read(1));
        header?.Invoke(changedHeader);
        claims?.Invoke(changedClaims);
        return Sign(changedHeader.ToJsonString(), changedClaims.ToJsonString(), with ?? Key);
    }

    /// <summary>A token of whatever text, under a key.</summary>
    public static string Sign(string header, string claims, SigningKey with) => Join(header, claims, input =>
    {
        var signature = new byte[with.SignatureBytes];
        with.Sign(input, signature);
        return signature;
    });

    /// <summary>The genuine claims under a MAC, with a header that names its algorithm.</summary>
    /// <param name="algorithm">HS256, HS384 or HS512.</param>
    /// <param name="secret">The key of the MAC.</param>
    /// <param name="headerAlgorithm">What the header says instead.</param>
    public string Mac(string algorithm, byte[] secret, string? headerAlgorithm = null)
    {
        var header = Read(0);
        header["alg"] = headerAlgorithm ?? algorithm;
        return Join(header.ToJsonString(), Read(1).ToJsonString(), input => algorithm switch
        {
            "HS256" => HMACSHA256.HashData(secret, input),
            "HS384" => HMACSHA384.HashData(secret, input),
            _ => HMACSHA512.HashData(secret, input),
        });
    }

    /// <summary>The genuine signature over other claims.</summary>
    public string Tamper(Action<JsonObject> claims)
    {
        var changed = Read(1);
        claims(changed);
        return $"{_segments[0]}.{Encode(Encoding.UTF8.GetBytes(changed.ToJsonString()))}.{_segments[2]}";
    }

    /// <summary>The genuine claims and signature under another header.</summary>
    public string Relabel(Action<JsonObject> header)
    {
        var changed = Read(0);
        header(changed);
        return $"{Encode(Encoding.UTF8.GetBytes(changed.ToJsonString()))}.{_segments[1]}.{_segments[2]}";
    }

    public static string Encode(ReadOnlySpan<byte> bytes) => Base64Url.EncodeToString(bytes);

    private static string Join(string header, string claims, Func<byte[], byte[]> sign)
    {
        var input = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        var token = $"{input}.{Encode(sign(Encoding.ASCII.GetBytes(input)))}";
        Canaries.Add(token);
        return token;
    }

    private JsonObject Read(int segment) => JsonNode.Parse(Base64Url.DecodeFromUtf8(Encoding.ASCII.GetBytes(_segments[segment])))!.AsObject();
}
