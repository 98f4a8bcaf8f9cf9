using JWT;
using JWT.Algorithms;
using JWT.Serializers;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>
/// The package JWT: it checks signature and expiry; the rest of the claims are read into a class and checked there. It has HS and RS256 only.
/// </summary>
internal static class JwtNetTokens
{
    public static TokenPeer? Create(SampleToken sample)
    {
        IJwtAlgorithm? algorithm = sample.Key.Algorithm.Name switch
        {
            "HS256" => new HMACSHA256Algorithm(),
            "RS256" => new RS256Algorithm(sample.OpenRsa(), sample.OpenRsa()),
            _ => null,
        };
        if (algorithm is null)
        {
            return null;
        }

        // With an asymmetric algorithm the key is not used, but must not be empty.
        byte[] key = sample.Key.Algorithm.IsSymmetric ? sample.Key.ExportPrivateKey() : [0];
        var serializer = new JsonNetSerializer();
        var encoding = new JwtBase64UrlEncoder();
        var encoder = new JwtEncoder(algorithm, serializer, encoding);
        var decoder = new JwtDecoder(serializer, new JwtValidator(serializer, new UtcDateTimeProvider()), encoding, algorithm);
        return new TokenPeer(
            "jwt-net",
            () => encoder.Encode(
                new Dictionary<string, object>(StringComparer.Ordinal) { ["typ"] = SampleToken.Typ, ["kid"] = sample.Key.KeyId! },
                PlainClaims.Of(sample),
                key).Length,
            token => decoder.DecodeToObject<PlainClaims>(token, key, verify: true).IsGood(decoder.DecodeHeader<PlainHeader>(token).Typ));
    }
}
