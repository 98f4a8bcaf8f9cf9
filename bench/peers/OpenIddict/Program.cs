// OpenIddict with its EF Core stores, ASP.NET Core Identity for the accounts, password and refresh token flow: the first-party shape of its documentation.
// Refresh tokens roll, with the default reuse leeway. Both checks of entries are on: its documentation names them for APIs that need immediate revocation.
using System.Security.Cryptography.X509Certificates;
using Countersign.Peers.OpenIddictServer;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

var builder = WebApplication.CreateBuilder(args);
string connection = builder.Configuration.GetConnectionString("Peer") ?? throw new InvalidOperationException("ConnectionStrings:Peer is missing.");
string keys = builder.Configuration["Keys"] ?? throw new InvalidOperationException("Keys, a folder, is missing.");

builder.Services.AddDbContext<AppDbContext>(options =>
{
    _ = connection.Contains("Host=", StringComparison.OrdinalIgnoreCase) ? options.UseNpgsql(connection) : options.UseSqlite(connection);
    options.UseOpenIddict();
});
builder.Services.AddIdentity<IdentityUser, IdentityRole>().AddEntityFrameworkStores<AppDbContext>();
builder.Services.AddAuthorization();
builder.Services.AddOpenIddict()
    .AddCore(options => options.UseEntityFrameworkCore().UseDbContext<AppDbContext>())
    .AddServer(options =>
    {
        // One name for all nodes, as behind a load balancer.
        options.SetIssuer("http://peer.example/");
        options.SetTokenEndpointUris("connect/token").SetRevocationEndpointUris("connect/revoke");
        options.AllowPasswordFlow().AllowRefreshTokenFlow();
        options.RegisterScopes(Scopes.OfflineAccess);
        options.AddEncryptionCertificate(Certificates.LoadOrMake(keys, "encryption", X509KeyUsageFlags.KeyEncipherment));
        options.AddSigningCertificate(Certificates.LoadOrMake(keys, "signing", X509KeyUsageFlags.DigitalSignature));

        // Plain http, because everything is on loopback.
        options.UseAspNetCore().EnableTokenEndpointPassthrough().DisableTransportSecurityRequirement();
    })
    .AddValidation(options =>
    {
        options.UseLocalServer();
        options.UseAspNetCore();
        options.EnableTokenEntryValidation();
        options.EnableAuthorizationEntryValidation();
    });

var app = builder.Build();
await using (var scope = app.Services.CreateAsyncScope())
{
    await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync();
    var applications = scope.ServiceProvider.GetRequiredService<IOpenIddictApplicationManager>();
    if (await applications.FindByClientIdAsync("app") is null)
    {
        await applications.CreateAsync(new OpenIddictApplicationDescriptor
        {
            ClientId = "app",
            ClientType = ClientTypes.Public,
            Permissions =
            {
                Permissions.Endpoints.Token, Permissions.Endpoints.Revocation, Permissions.GrantTypes.Password, Permissions.GrantTypes.RefreshToken,
            },
        });
    }
}

app.UseAuthentication();
app.UseAuthorization();
app.MapPost("/connect/token", TokenEndpoint.ExchangeAsync);
app.MapAccounts();
app.MapGet("/ready", () => "ready");
await app.RunAsync();
