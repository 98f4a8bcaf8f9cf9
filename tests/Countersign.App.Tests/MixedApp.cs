extern alias mixed;

using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.TestServer;
using Countersign.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.App.Tests;

/// <summary>The sample with controllers, pages and a hub, and with cookies beside tokens, on Kestrel.</summary>
public sealed class MixedApp : IAsyncLifetime
{
    private const string Password = "correct horse battery";

    private readonly TemporaryDirectory _directory = new();
    private readonly WebApplicationFactory<mixed::MixedApp.ChatHub> _app;
    private int _accounts;

    public MixedApp()
    {
        _app = new WebApplicationFactory<mixed::MixedApp.ChatHub>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("ConnectionStrings:App", $"Data Source={Path.Combine(_directory.Path, "app.db")}")
            .UseSetting("Auth:Passwords:Cost", "10")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .UseContentRoot(_directory.Path)
            .ConfigureTestServices(static services => services.AddDataProtection().UseEphemeralDataProtectionProvider()));
        _app.UseKestrel(0);
    }

    public Uri Address { get; private set; } = null!;

    public ValueTask InitializeAsync()
    {
        _app.StartServer();
        using var client = _app.CreateClient();
        Address = client.BaseAddress!;
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
    }

    /// <summary>Makes an account, and logs it in both ways.</summary>
    internal async Task<Person> LogInAsync()
    {
        using var client = new HttpClient { BaseAddress = Address };
        var email = $"ada{Interlocked.Increment(ref _accounts)}@example.com";
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", new { email, password = Password }, TestContext.Current.CancellationToken);
        registered.EnsureSuccessStatusCode();
        using var login = await client.PostAsJsonAsync(
            "/api/v1/auth/login", new { username = email, password = Password }, TestContext.Current.CancellationToken);
        var pair = await login.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        using var cookie = await client.PostAsJsonAsync("/cookie", new { email, password = Password }, TestContext.Current.CancellationToken);
        cookie.EnsureSuccessStatusCode();
        var account = (await registered.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("id").GetString()!;
        return new Person(account, email, pair.GetProperty("access_token").GetString()!, cookie.Headers.GetValues("Set-Cookie").First().Split(';')[0]);
    }

    /// <summary>A token of a new session that expires soon.</summary>
    internal string ShortToken(string userId, TimeSpan lifetime)
    {
        var now = TimeProvider.System.GetUtcNow();
        return _app.Services.GetRequiredService<TokenIssuer>().Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = userId,
            IssuedAt = now,
            ExpiresAt = now + lifetime,
            SessionId = Guid.CreateVersion7(now),
            TokenId = "short",
        });
    }

    internal async Task<(int Status, string Text, Uri? Location)> SendAsync(
        HttpMethod method, string path, object? json = null, string? token = null, string? cookie = null, string accept = "application/json")
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = Address };
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : JsonContent.Create(json) };
        request.Headers.Add("Accept", accept);
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), response.Headers.Location);
    }

    internal sealed record Person(string Id, string Email, string Token, string Cookie);
}
