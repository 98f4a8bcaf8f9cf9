using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Json;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>ASP.NET Core Identity's own endpoints with a bearer token, with default options.</summary>
internal static class IdentityApiApp
{
    public static async Task<Contestant> StartAsync(string folder)
    {
        var builder = Contestant.CreateBuilder(folder);
        builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite($"Data Source={Path.Combine(folder, "identity.db")}"));
        builder.Services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(Path.Combine(folder, "keys")));
        builder.Services.AddAuthorization();
        builder.Services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<AppDbContext>();
        var app = builder.Build();
        app.MapIdentityApi<IdentityUser>();
        app.MapGet(Contestant.Path, (ClaimsPrincipal user) => user.FindFirstValue(ClaimTypes.NameIdentifier)).RequireAuthorization();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync();
        }

        await app.StartAsync();
        return new Contestant("mapidentityapi", app, await LogInAsync(new Uri(app.Urls.First())));
    }

    private static async Task<string> LogInAsync(Uri address)
    {
        var account = new { email = "u@example.com", password = "Violet-umbrella-0rbit" };
        using var client = new HttpClient { BaseAddress = address };
        using var registered = await client.PostAsJsonAsync("register", account);
        using var loggedIn = await client.PostAsJsonAsync("login", account);
        loggedIn.EnsureSuccessStatusCode();
        return (await loggedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString()!;
    }

    internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<IdentityUser>(options);
}
