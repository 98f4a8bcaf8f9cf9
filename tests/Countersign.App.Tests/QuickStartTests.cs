using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.TestServer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;

namespace Countersign.App.Tests;

/// <summary>The README's whole app, as a developer starts it: nothing is configured.</summary>
public sealed class QuickStartTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
        File.Delete("app.db");
    }

    [Fact]
    public async Task QuickStart_SignUpLoginAndCall_Works()
    {
        File.Delete("app.db");
        await using var app = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .UseContentRoot(_directory.Path));
        app.UseKestrel(0);
        app.StartServer();
        using var client = app.CreateClient();

        var account = new { email = "ada@example.com", password = "correct horse battery" };
        using var registered = await client.PostAsJsonAsync("/api/v1/auth/register", account, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        using var login = await client.PostAsJsonAsync(
            "/api/v1/auth/login", new { username = account.email, account.password }, TestContext.Current.CancellationToken);
        var pair = await login.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", pair.GetProperty("access_token").GetString());

        Assert.Equal("Nothing to do, ada@example.com", await client.GetStringAsync("/todos", TestContext.Current.CancellationToken));
    }
}
