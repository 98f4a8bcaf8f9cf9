using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.AspNetCore.Tests.Support;
using Countersign.EntityFrameworkCore;
using Countersign.Passwords;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>
/// An ordinary app over ASP.NET Core Identity, on Kestrel and a SQLite file, built with or without Countersign: what it could do before, it must be able to
/// do after.
/// </summary>
internal sealed class GuestApp : IAsyncDisposable
{
    /// <summary>A password that Identity's rules of composition take, and ours.</summary>
    public const string Password = "A quiet harbour, 7 herons";

    private readonly string _folder = Directory.CreateTempSubdirectory("guest-").FullName;
    private readonly WebApplication _app;

    private GuestApp(bool withCountersign, GuestSetup setup)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = setup.Environment, ContentRootPath = _folder });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders().AddProvider(Log);
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Issuer"] = "https://auth.example.com",
            ["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        });
        builder.Configuration.AddInMemoryCollection(setup.Settings);
        var services = builder.Services;
        services.AddDataProtection().UseEphemeralDataProtectionProvider();
        services.AddAuthentication();
        services.AddAuthorization();
        services.AddDbContext<GuestContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        services.AddIdentityCore<GuestUser>(options => setup.Identity?.Invoke(options))
            .AddRoles<IdentityRole>()
            .AddSignInManager()
            .AddEntityFrameworkStores<GuestContext>()
            .AddDefaultTokenProviders();
        setup.Services?.Invoke(services);
        if (withCountersign)
        {
            var countersign = services.AddCountersign<GuestUser>(setup.Countersign).AddEntityFrameworkStores<GuestContext>();
            setup.Builder?.Invoke(countersign);
            services.PostConfigure<PasswordEngineOptions>(static options => (options.LowestCost, options.Cost) = (4, 4));
        }

        _app = builder.Build();
        setup.MapApp?.Invoke(_app);
        if (withCountersign)
        {
            (setup.Map ?? (static app => app.MapCountersign()))(_app);
        }
    }

    public IServiceProvider Services => _app.Services;

    public LogLines Log { get; } = new();

    public HttpClient Client { get; private set; } = null!;

    /// <summary>Starts the app with Countersign.</summary>
    public static Task<GuestApp> StartAsync(GuestSetup? setup = null) => StartAsync(withCountersign: true, setup);

    public static async Task<GuestApp> StartAsync(bool withCountersign, GuestSetup? setup = null)
    {
        var guest = new GuestApp(withCountersign, setup ?? new GuestSetup());
        try
        {
            await guest.WithContextAsync(static context => context.Database.EnsureCreatedAsync());
            await guest._app.StartAsync();
            guest.Client = new HttpClient { BaseAddress = new Uri(guest._app.Urls.First()) };
            return guest;
        }
        catch
        {
            await guest.DisposeAsync();
            throw;
        }
    }

    /// <summary>Measures the same in the app without Countersign and in the app with it, each over a new database.</summary>
    public static async Task<(TResult Without, TResult With)> MeasureAsync<TResult>(Func<GuestApp, Task<TResult>> measure, GuestSetup? setup = null)
    {
        await using var without = await StartAsync(withCountersign: false, setup);
        await using var with = await StartAsync(withCountersign: true, setup);
        return (await measure(without), await measure(with));
    }

    /// <summary>Works with the app's user manager and sign-in manager, in a scope as a request has one.</summary>
    public async Task<TResult> WithIdentityAsync<TResult>(Func<UserManager<GuestUser>, SignInManager<GuestUser>, Task<TResult>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(
            scope.ServiceProvider.GetRequiredService<UserManager<GuestUser>>(),
            scope.ServiceProvider.GetRequiredService<SignInManager<GuestUser>>());
    }

    public Task<TResult> WithManagerAsync<TResult>(Func<UserManager<GuestUser>, Task<TResult>> work) => WithIdentityAsync((manager, _) => work(manager));

    /// <summary>Works with an account that is read anew, as a page of the app does.</summary>
    public Task<TResult> WithUserAsync<TResult>(string userName, Func<UserManager<GuestUser>, GuestUser, Task<TResult>> work) =>
        WithManagerAsync(async manager => await work(manager, (await manager.FindByNameAsync(userName))!));

    public async Task<TResult> WithContextAsync<TResult>(Func<GuestContext, Task<TResult>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<GuestContext>());
    }

    /// <summary>Makes an account by the app's own user manager, and returns its id.</summary>
    public Task<string> CreateAsync(string userName, string? email, string password = Password) => WithManagerAsync(async manager =>
    {
        var user = new GuestUser { UserName = userName, Email = email };
        var result = await manager.CreateAsync(user, password);
        Assert.True(result.Succeeded, result.ToString());
        return user.Id;
    });

    public async Task<Reply> SendAsync(
        string method, string path, object? json = null, string? bearer = null, params IReadOnlyList<(string Name, string Value)> headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path)
        {
            Content = json is null ? null : JsonContent.Create(json, options: JsonSerializerOptions.Default),
        };
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var response = await Client.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    public Task<Reply> RegisterAsync(string email, string password = Password) => SendAsync("POST", "/api/v1/auth/register", new { email, password });

    public Task<Reply> LoginAsync(string username, string password = Password) => SendAsync("POST", "/api/v1/auth/login", new { username, password });

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
