using Jose;
using JoseJwt = Jose.JWT;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>jose-jwt: it checks the signature under one algorithm; the claims are read into a class and checked there.</summary>
internal static class JoseJwtTokens
{
    public static TokenPeer Create(SampleToken sample)
    {
        var algorithm = Enum.Parse<JwsAlgorithm>(sample.Key.Algorithm.Name);
        object key = sample.Key.Algorithm switch
        {
            { IsSymmetric: true } => sample.Key.ExportPrivateKey(),
            { Name: "ES256" } => sample.OpenEcdsa(),
            _ => sample.OpenRsa(),
        };
        return new TokenPeer(
            "jose-jwt",
            () => JoseJwt.Encode(
                PlainClaims.Of(sample),
                key,
                algorithm,
                new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = SampleToken.Typ, ["kid"] = sample.Key.KeyId! }).Length,
            token => JoseJwt.Decode<PlainClaims>(token, key, algorithm).IsGood(JoseJwt.Headers<PlainHeader>(token).Typ));
    }
}
