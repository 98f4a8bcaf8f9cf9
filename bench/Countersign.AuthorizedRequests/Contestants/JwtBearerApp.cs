using System.Security.Claims;
using System.Security.Cryptography;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.IdentityModel.Tokens;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>
/// The platform's <c>JwtBearer</c> with ES256 and a configured key, as its documentation says: issuer, audience, lifetime and typ are checked.
/// </summary>
internal static class JwtBearerApp
{
    public static async Task<Contestant> StartAsync(string folder)
    {
        var key = SigningKey.Create(SignatureAlgorithm.ES256);
        var ecdsa = ECDsa.Create();
        ecdsa.ImportSubjectPublicKeyInfo(key.VerificationKey.ExportSubjectPublicKeyInfo(), out _);
        var builder = Contestant.CreateBuilder(folder);
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MapInboundClaims = false;
            options.TokenValidationParameters = new TokenValidationParameters
            {
                IssuerSigningKey = new ECDsaSecurityKey(ecdsa) { KeyId = key.KeyId },
                ValidIssuer = SampleTokens.Issuer,
                ValidAudience = SampleTokens.Audience,
                ValidTypes = ["at+jwt"],
            };
        });
        builder.Services.AddAuthorization();
        var app = builder.Build();
        app.MapGet(Contestant.Path, (ClaimsPrincipal user) => user.FindFirstValue("sub")).RequireAuthorization();
        await app.StartAsync();
        return new Contestant("jwtbearer", app, SampleTokens.Create(key));
    }
}
