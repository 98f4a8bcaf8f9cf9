using System.Security.Claims;
using Microsoft.IdentityModel.Tokens;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddAuthentication().AddJwtBearer(o =>
{
    o.Authority = "http://127.0.0.1:5080";   // the issuer: https beyond this machine
    o.RequireHttpsMetadata = false;          // only for an http issuer
    o.Audience = o.Authority;                // Auth:Audience of the issuer; without that setting it is the issuer itself
    o.MapInboundClaims = false;              // claims keep the names that they have in the token
    o.TokenValidationParameters = new TokenValidationParameters
    {
        ValidTypes = ["at+jwt"],             // access tokens (RFC 9068), and no refresh token
        NameClaimType = "sub",
        RoleClaimType = "roles",
    };
});
builder.Services.AddAuthorization();

var app = builder.Build();
app.MapGet("/hello", (ClaimsPrincipal user) => $"Hello, {user.Identity!.Name}").RequireAuthorization();
app.MapGet("/admin", () => "Hello, admin").RequireAuthorization(policy => policy.RequireRole("admin"));
app.Run();
