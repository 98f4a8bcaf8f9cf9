using Countersign.Tokens.Keys;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Benchmarks.Tokens.Peers;

/// <summary>Microsoft.IdentityModel.JsonWebTokens: one handler, one set of parameters and one key object for all calls, as its documentation says.</summary>
internal static class IdentityModelTokens
{
    public static TokenPeer Create(SampleToken sample)
    {
        var handler = new JsonWebTokenHandler { MapInboundClaims = false, SetDefaultTimesOnTokenCreation = false };
        var credentials = new SigningCredentials(Open(sample), sample.Key.Algorithm.Name);
        credentials.Key.KeyId = sample.Key.KeyId;
        var parameters = new TokenValidationParameters
        {
            ValidIssuer = SampleToken.Issuer,
            ValidAudience = SampleToken.Audience,
            ValidTypes = [SampleToken.Typ],
            ValidAlgorithms = [sample.Key.Algorithm.Name],
            IssuerSigningKey = credentials.Key,
            ClockSkew = TimeSpan.Zero,
        };
        return new TokenPeer("identitymodel", () => Write(handler, credentials, sample).Length, Validate);

        // It never waits: the task is complete when it is returned.
        bool Validate(string token) => handler.ValidateTokenAsync(token, parameters).GetAwaiter().GetResult().IsValid;
    }

    private static string Write(JsonWebTokenHandler handler, SigningCredentials credentials, SampleToken sample) =>
        handler.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = SampleToken.Issuer,
            Audience = SampleToken.Audience,
            TokenType = SampleToken.Typ,
            Expires = sample.ExpiresAt.UtcDateTime,
            IssuedAt = sample.IssuedAt.UtcDateTime,
            SigningCredentials = credentials,
            Claims = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["sub"] = sample.Subject,
                ["client_id"] = SampleToken.ClientId,
                ["jti"] = sample.TokenId,
                ["sid"] = sample.SessionId.ToString(),
                ["type"] = "access",
                ["auth_time"] = sample.IssuedAt.ToUnixTimeSeconds(),
                ["amr"] = SampleToken.Methods,
                ["roles"] = SampleToken.Roles,
            },
        });

    private static SecurityKey Open(SampleToken sample) => sample.Key.Algorithm switch
    {
        { IsSymmetric: true } => new SymmetricSecurityKey(sample.Key.ExportPrivateKey()),
        { Name: "ES256" } => new ECDsaSecurityKey(sample.OpenEcdsa()),
        _ => new RsaSecurityKey(sample.OpenRsa()),
    };
}
