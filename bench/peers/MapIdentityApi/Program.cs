// ASP.NET Core Identity's own endpoints with bearer tokens, configured as "Use Identity to secure a Web API backend for SPAs" says. What several nodes
// share beside the database is the key ring of Data Protection, in a folder, as "Configure ASP.NET Core Data Protection" says.
using System.Security.Claims;
using Countersign.Peers.MapIdentityApi;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

var builder = WebApplication.CreateBuilder(args);
string connection = builder.Configuration.GetConnectionString("Peer") ?? throw new InvalidOperationException("ConnectionStrings:Peer is missing.");
string keys = builder.Configuration["Keys"] ?? throw new InvalidOperationException("Keys, a folder, is missing.");

builder.Services.AddDbContext<AppDbContext>(options => _ = connection.Contains("Host=", StringComparison.OrdinalIgnoreCase)
    ? options.UseNpgsql(connection)
    : options.UseSqlite(connection));
builder.Services.AddDataProtection().SetApplicationName("peer").PersistKeysToFileSystem(new DirectoryInfo(keys));
builder.Services.AddAuthorization();
builder.Services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<AppDbContext>();

var app = builder.Build();
using (var scope = app.Services.CreateScope())
{
    await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync();
}

app.MapIdentityApi<IdentityUser>();
app.MapGet("/me", (ClaimsPrincipal user) => user.Identity?.Name).RequireAuthorization();
app.MapGet("/ready", () => "ready");
await app.RunAsync();
