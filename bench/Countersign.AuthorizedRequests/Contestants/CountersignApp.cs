using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.AspNetCore;
using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AuthorizedRequests.Contestants;

/// <summary>
/// An app with accounts and sessions of Countersign, set up as the README says, and an endpoint with <see cref="CurrentUser"/>. Signed with ES256.
/// </summary>
internal static class CountersignApp
{
    private const string Password = "violet umbrella orbit";

    public static async Task<Contestant> StartAsync(string folder)
    {
        var builder = Contestant.CreateBuilder(folder);
        builder.Configuration["Auth:Issuer"] = SampleTokens.Issuer;
        builder.Configuration["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite($"Data Source={Path.Combine(folder, "countersign.db")}"));
        builder.Services.AddIdentityCore<IdentityUser>(static options => options.UseCountersignDefaults()).AddEntityFrameworkStores<AppDbContext>();
        builder.Services.AddCountersign<IdentityUser>(static options => options.Registration = Registration.Open).AddEntityFrameworkStores<AppDbContext>();
        var app = builder.Build();
        app.MapCountersign();
        app.MapGet(Contestant.Path, (CurrentUser user) => user.UserId);
        await using (var scope = app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync();
        }

        await app.StartAsync();
        return new Contestant("countersign", app, await LogInAsync(new Uri(app.Urls.First())));
    }

    private static async Task<string> LogInAsync(Uri address)
    {
        using var client = new HttpClient { BaseAddress = address };
        using var registered = await client.PostAsJsonAsync("api/v1/auth/register", new { email = "u@example.com", password = Password });
        using var loggedIn = await client.PostAsJsonAsync("api/v1/auth/login", new { username = "u@example.com", password = Password });
        loggedIn.EnsureSuccessStatusCode();
        return (await loggedIn.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<IdentityUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}
