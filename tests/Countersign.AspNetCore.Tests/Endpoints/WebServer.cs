using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Countersign.AspNetCore.Tests.Support;
using Countersign.EntityFrameworkCore;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using UserContext = Countersign.AspNetCore.Tests.Support.AppContext<Countersign.AspNetCore.Tests.Support.AppUser, string>;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>
/// An app on Kestrel with real Identity and a real SQLite file. It is as awkward a host as there is: another default scheme, JSON options of its own,
/// validation.
/// </summary>
public sealed class WebServer : IAsyncLifetime
{
    public const string Password = "a quiet harbour at dawn";
    public const string Issuer = "https://auth.example.com";

    private readonly string _folder = Directory.CreateTempSubdirectory("countersign-").FullName;
    private readonly WebApplication _app;
    private int _accounts;

    public WebServer()
        : this(static _ => { })
    {
    }

    internal WebServer(Action<CountersignBuilder> configure, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // On a machine that is busy with other tests a request can stand still for seconds, which Kestrel would take for a slow client and hang up on.
        builder.WebHost.ConfigureKestrel(static kestrel =>
        {
            kestrel.Limits.MinRequestBodyDataRate = null;
            kestrel.Limits.MinResponseDataRate = null;
        });
        builder.Logging.ClearProviders();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Auth:Issuer"] = Issuer,
            ["Auth:Lockout:MaxFailedAttempts"] = "100",
            ["Auth:Limits:RegistrationsPerNetworkPerMinute"] = "100000",
            ["Auth:Limits:RefreshesPerNetworkPerMinute"] = "10000000",
            ["Auth:MasterKey"] = Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)),
        });
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie();
        builder.Services.ConfigureHttpJsonOptions(options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.KebabCaseUpper;
            options.SerializerOptions.DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingDefault;
        });
        builder.Services.AddValidation();
        builder.Services.AddOpenApi();
        builder.Services.AddDbContext<UserContext>(options => options.UseSqlite($"Data Source={Path.Combine(_folder, "app.db")}"));
        builder.Services.AddIdentityCore<AppUser>(static options => options.UseCountersignDefaults()).AddEntityFrameworkStores<UserContext>();
        builder.Services.Configure<CountersignUserOptions<AppUser>>(options =>
        {
            options.IsActive = user => !user.IsDisabled;
            options.DisplayName = user => user.DisplayName;
            options.CreatedAt = user => user.JoinedAt;
        });
        builder.Services.PostConfigure<PasswordEngineOptions>(options => (options.LowestCost, options.Cost) = (4, 4));
        configure(builder.Services.AddCountersign<AppUser>(static options => options.Registration = Registration.Open).AddEntityFrameworkStores<UserContext>());
        AspNetCore.Endpoints.EndpointServiceCollectionExtensions.AddCountersignEndpoints(builder.Services);
        _app = builder.Build();
        _app.MapCountersign();
        _app.MapOpenApi();
        MapApp();
        map?.Invoke(_app);
    }

    internal IServiceProvider Services => _app.Services;

    internal HttpClient Client { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await ChangeAsync(static context => context.Database.EnsureCreatedAsync());
        await _app.StartAsync();
        Client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    internal async Task ChangeAsync(Func<UserContext, Task> change)
    {
        await using var scope = Services.CreateAsyncScope();
        await change(scope.ServiceProvider.GetRequiredService<UserContext>());
    }

    internal Task<Reply> SendAsync(string method, string path, object? json = null, string? bearer = null) =>
        SendAsync(method, path, json is null ? null : JsonContent.Create(json, options: JsonSerializerOptions.Default), bearer);

    internal async Task<Reply> SendAsync(string method, string path, HttpContent? content, string? bearer)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = content };
        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        using var response = await Client.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }

    /// <summary>Makes an account by the wire, and returns its address.</summary>
    internal async Task<string> RegisterAsync()
    {
        var email = $"person{Interlocked.Increment(ref _accounts)}@example.com";
        Assert.Equal(201, (await SendAsync("POST", "/api/v1/auth/register", new { email, password = Password })).Status);
        return email;
    }

    /// <summary>Logs in by the wire.</summary>
    internal async Task<Login> LoginAsync(string? email = null, string password = Password)
    {
        email ??= await RegisterAsync();
        var reply = await SendAsync("POST", "/api/v1/auth/login", new { username = email, password });
        Assert.True(reply.Status == 200, reply.Text);
        return Login.From(email, reply);
    }

    /// <summary>An access token without a session, as the specification has it.</summary>
    internal string SessionlessToken(string subject) => Services.GetRequiredService<TokenIssuer>().CreateAccessToken(subject).Value;

    private void MapApp()
    {
        _app.MapGet("/who", (CurrentUser user) => $"{user.UserId} {user.SessionId} {string.Join(',', user.Roles)}");
        _app.MapGet("/account", (CurrentUser<AppUser> user) => $"{user.UserId} {user.Account.Email}");
        _app.MapPost("/account", async (CurrentUser<AppUser> user, UserContext context) =>
        {
            user.Account.DisplayName = "saved by the app";
            return await context.SaveChangesAsync();
        });
        _app.MapGet("/both", (CurrentUser user) => user.UserId).RequireAuthorization(policy =>
            policy.AddAuthenticationSchemes(CookieAuthenticationDefaults.AuthenticationScheme).RequireAuthenticatedUser());
        _app.MapGet("/perhaps", (CurrentUser? user) => user?.UserId ?? "nobody").AllowAnonymous();
        _app.MapGet("/cookie", (HttpContext context) => context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "cookie")], "cookie")))).AllowAnonymous();
    }
}

internal sealed class Reply(HttpResponseMessage response, string text)
{
    public int Status { get; } = (int)response.StatusCode;

    public string Text { get; } = text;

    public string? MediaType { get; } = response.Content.Headers.ContentType?.MediaType;

    public string Header(string name) =>
        response.Headers.TryGetValues(name, out var values) || response.Content.Headers.TryGetValues(name, out values) ? string.Join(", ", values) : "";

    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Text);

    public string? Code =>
        MediaType == "application/problem+json" || (MediaType == "application/json" && Status >= 400) ? Json.GetProperty("code").GetString() : null;

    public string? Error => Json.TryGetProperty("error", out var error) ? error.GetString() : null;

    public string Members => string.Join(' ', Json.EnumerateObject().Select(member => member.Name));
}

internal sealed record Login(string Email, string AccessToken, string RefreshToken, int Generation, string SessionId, string UserId)
{
    public static Login From(string email, Reply reply)
    {
        var json = reply.Json;
        var access = json.GetProperty("access_token").GetString()!;
        var payload = access.Split('.')[1].Replace('-', '+').Replace('_', '/');
        using var claims = JsonDocument.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(payload.PadRight((payload.Length + 3) / 4 * 4, '='))));
        return new Login(
            email,
            access,
            json.GetProperty("refresh_token").GetString()!,
            json.GetProperty("refresh_generation").GetInt32(),
            claims.RootElement.GetProperty("sid").GetString()!,
            claims.RootElement.GetProperty("sub").GetString()!);
    }
}
