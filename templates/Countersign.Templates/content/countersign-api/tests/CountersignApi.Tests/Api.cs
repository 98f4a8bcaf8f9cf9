using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace CountersignApi.Tests;

/// <summary>The API as it is, in this process, with its own database.</summary>
public sealed class Api : WebApplicationFactory<Program>
{
    private const string Password = "correct horse battery";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("CountersignApi-");

    /// <summary>A client that is logged in to a new account.</summary>
    /// <param name="email">The account's address.</param>
    /// <param name="roles">The account's roles.</param>
    public async Task<HttpClient> LogInAsync(string email, params string[] roles)
    {
        var client = CreateClient();
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", new { email, password = Password });
        registered.EnsureSuccessStatusCode();
        await AddToRolesAsync(email, roles);

        using var login = await client.PostAsJsonAsync("/api/v1/auth/login", new { username = email, password = Password });
        login.EnsureSuccessStatusCode();
        var tokens = await login.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
        return client;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseEnvironment("Development")
        .UseSetting("ConnectionStrings:App", $"Data Source={Path.Combine(_folder.FullName, "test.db")}")
        .UseSetting("Auth:Issuer", "http://localhost")
        .UseSetting("Auth:MasterKey", Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)))
        .UseSetting("Auth:Passwords:Cost", "10");   // the cheapest that is allowed: tests hash often

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        SqliteConnection.ClearAllPools();   // else the files would be in use on Windows
        _folder.Delete(recursive: true);
    }

    private async Task AddToRolesAsync(string email, string[] roles)
    {
        using var scope = Services.CreateScope();
        var users = scope.ServiceProvider.GetRequiredService<UserManager<AppUser>>();
        var roleManager = scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();
        foreach (var role in roles)
        {
            await roleManager.CreateAsync(new IdentityRole(role));
            await users.AddToRoleAsync((await users.FindByEmailAsync(email))!, role);
        }
    }
}
