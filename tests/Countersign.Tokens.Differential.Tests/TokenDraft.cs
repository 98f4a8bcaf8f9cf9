using System.Buffers.Text;
using System.Text;

namespace Countersign.Tokens.Differential.Tests;

/// <summary>A good token in its parts, to be changed and then put together. JSON stands as text, so that anything can stand there.</summary>
internal sealed class TokenDraft(World world)
{
    public List<(string Name, string Json)> Header { get; } =
        [("\"alg\"", $"\"{world.Key.Algorithm.Name}\""), ("\"typ\"", "\"at+jwt\""), ("\"kid\"", $"\"{world.Key.KeyId}\"")];

    public List<(string Name, string Json)> Claims { get; } =
    [
        ("\"iss\"", $"\"{World.Issuer}\""), ("\"sub\"", "\"42\""), ("\"aud\"", $"\"{World.Audience}\""), ("\"client_id\"", "\"countersign\""),
        ("\"exp\"", $"{World.NowSeconds + 1800}"), ("\"iat\"", $"{World.NowSeconds}"), ("\"jti\"", "\"id-1\""), ("\"type\"", "\"access\""),
    ];

    /// <summary>
    /// What becomes of the bytes of header and claims before they are encoded, of the segments before they are signed, of the signature, and of the whole.
    /// </summary>
    public List<Func<byte[], byte[]>> OnHeader { get; } = [];

    public List<Func<byte[], byte[]>> OnClaims { get; } = [];

    public List<Func<string, string>> OnHeaderSegment { get; } = [];

    public List<Func<string, string>> OnClaimsSegment { get; } = [];

    public List<Func<byte[], byte[]>> OnSignature { get; } = [];

    public List<Func<string, string>> OnSignatureSegment { get; } = [];

    public List<Func<string, string>> OnToken { get; } = [];

    /// <summary>Between the parts of the JSON.</summary>
    public string Space { get; set; } = "";

    /// <summary>Who signs; the right key unless another way is set.</summary>
    public Func<byte[], byte[]> Signer { get; set; } = world.Sign;

    public string Write()
    {
        var header = Apply(OnHeaderSegment, Base64Url.EncodeToString(Apply(OnHeader, Json(Header))));
        var claims = Apply(OnClaimsSegment, Base64Url.EncodeToString(Apply(OnClaims, Json(Claims))));
        var input = $"{header}.{claims}";
        var signature = Apply(OnSignature, Signer(Encoding.UTF8.GetBytes(input)));
        return Apply(OnToken, $"{input}.{Apply(OnSignatureSegment, Base64Url.EncodeToString(signature))}");
    }

    private byte[] Json(List<(string Name, string Json)> members) => Encoding.UTF8.GetBytes(
        $"{{{Space}{string.Join($",{Space}", members.Select(member => $"{member.Name}{Space}:{Space}{member.Json}"))}{Space}}}");

    private static T Apply<T>(List<Func<T, T>> changes, T value) => changes.Aggregate(value, (current, change) => change(current));
}
