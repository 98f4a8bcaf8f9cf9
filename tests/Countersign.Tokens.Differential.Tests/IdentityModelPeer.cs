using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.Tokens.Differential.Tests;

internal sealed class IdentityModelPeer : IPeer
{
    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };
    private readonly TokenValidationParameters _parameters;

    public IdentityModelPeer(World world)
    {
        SecurityKey key = world.Key.Algorithm switch
        {
            { IsSymmetric: true } => new SymmetricSecurityKey(world.Key.ExportPrivateKey()),
            { Name: ['E', ..] } => new ECDsaSecurityKey(world.OpenEcdsa()),
            _ => new RsaSecurityKey(world.OpenRsa()),
        };
        key.KeyId = world.Key.KeyId;
        _parameters = new TokenValidationParameters
        {
            ValidIssuer = World.Issuer,
            ValidAudience = World.Audience,
            ValidTypes = ["at+jwt", "application/at+jwt"],
            ValidAlgorithms = [world.Key.Algorithm.Name],
            IssuerSigningKey = key,
            // The clock of the world, and the skew of our policy: none behind, 60 seconds ahead.
            LifetimeValidator = static (notBefore, expires, _, _) =>
                expires is { } end && World.Now.UtcDateTime < end && !(notBefore is { } start && start > World.Now.UtcDateTime.AddSeconds(60)),
        };
    }

    public string Name => "identitymodel";

    public bool Accepts(string token) => _handler.ValidateTokenAsync(token, _parameters).GetAwaiter().GetResult().IsValid;
}
