using System.Security.Cryptography;
using System.Text.Json;
using Countersign.AspNetCore;
using Countersign.EntityFrameworkCore;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.OpenApi.Tests;

/// <summary>An app with routes of its own and an OpenAPI document, on Kestrel.</summary>
internal sealed class DocumentedApp : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly WebApplication _app;

    private DocumentedApp(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development", ContentRootPath = _folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Configuration["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32));
        builder.Services.AddDbContext<AppDbContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddCountersign<AppUser, AppDbContext>(static options => options.Registration = Registration.Open);
        services(builder.Services);
        _app = builder.Build();
        map(_app);
        _app.MapOpenApi();
    }

    public Uri Address => new(_app.Urls.First());

    public static async Task<DocumentedApp> StartAsync(Action<IServiceCollection> services, Action<WebApplication> map)
    {
        var app = new DocumentedApp(services, map);
        await using (var scope = app._app.Services.CreateAsyncScope())
        {
            await scope.ServiceProvider.GetRequiredService<AppDbContext>().Database.EnsureCreatedAsync();
        }

        await app._app.StartAsync();
        return app;
    }

    public async Task<JsonElement> ReadDocumentAsync(string path = "/openapi/v1.json")
    {
        using var client = new HttpClient { BaseAddress = Address };
        return JsonSerializer.Deserialize<JsonElement>(await client.GetStringAsync(path));
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    internal sealed class AppUser : IdentityUser;

    internal sealed class AppDbContext(DbContextOptions<AppDbContext> options) : IdentityDbContext<AppUser>(options)
    {
        protected override void OnModelCreating(ModelBuilder builder)
        {
            base.OnModelCreating(builder);
            builder.UseCountersign();
        }
    }
}
