using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Tests.SignIn;

/// <summary>The ten lines of the sample, on a real Kestrel with a real database, as a developer starts them: nothing is configured.</summary>
public sealed class TodoApiTests : IAsyncLifetime
{
    private const string Email = "ann@example.com";
    private const string Password = "a quiet harbour at dawn";

    private readonly string _folder = Directory.CreateTempSubdirectory("todo-api-").FullName;
    private readonly WebApplicationFactory<Program> _app;
    private readonly HttpClient _client;

    public TodoApiTests()
    {
        _app = new WebApplicationFactory<Program>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .UseContentRoot(_folder)
            .UseSetting("ConnectionStrings:App", $"Data Source={Path.Combine(_folder, "app.db")}"));
        _app.UseKestrel(0);
        _app.StartServer();
        _client = _app.CreateClient();
    }

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task TodoApi_RegisterLoginAndCall_ServesTheOnesOwnTodos()
    {
        Assert.Equal(HttpStatusCode.Created, await PostAsync("/api/v1/auth/register", new { email = Email, password = Password }));
        var token = await LogInAsync(Email);

        var added = await SendAsync(HttpMethod.Post, "/todos", token, new { title = "water the ferns" });
        Assert.Equal(HttpStatusCode.Created, added.StatusCode);
        Assert.Equal(["water the ferns"], await TitlesAsync(token));

        Assert.Equal(HttpStatusCode.Created, await PostAsync("/api/v1/auth/register", new { email = "bob@example.com", password = Password }));
        Assert.Empty(await TitlesAsync(await LogInAsync("bob@example.com")));
    }

    [Fact]
    public async Task TodoApi_NoToken_AsksForOne()
    {
        var answer = await _client.GetAsync("/todos");

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.Equal("Bearer", answer.Headers.WwwAuthenticate.ToString());
    }

    [Fact]
    public async Task TodoApi_AfterLogout_TheTokenIsRefused()
    {
        await PostAsync("/api/v1/auth/register", new { email = Email, password = Password });
        var token = await LogInAsync(Email);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Get, "/todos", token, null)).StatusCode);

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Post, "/api/v1/auth/logout", token, null)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, "/todos", token, null)).StatusCode);
    }

    [Fact]
    public void TodoApi_FirstStartInDevelopment_MakesAMasterKeyThatOnlyItsOwnerReads()
    {
        var path = DevelopmentMasterKey.FindFile(_app.Services.GetRequiredService<IHostEnvironment>().ApplicationName)!;

        Assert.Equal(File.ReadAllText(path), _app.Services.GetRequiredService<IOptions<KeyOptions>>().Value.MasterKey);
        Assert.Equal("TodoApi", Path.GetFileName(Path.GetDirectoryName(path)));
        Assert.DoesNotContain(Directory.GetFiles(_folder), static file => file.Contains("key", StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        }
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<HttpStatusCode> PostAsync(string path, object body) => (await _client.PostAsJsonAsync(path, body)).StatusCode;

    private async Task<string> LogInAsync(string email)
    {
        using var form = new FormUrlEncodedContent([new("username", email), new("password", Password)]);
        var answer = await _client.PostAsync("/api/v1/auth/login", form);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("access_token").GetString()!;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string token, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return await _client.SendAsync(request);
    }

    private async Task<string[]> TitlesAsync(string token)
    {
        var todos = await (await SendAsync(HttpMethod.Get, "/todos", token, null)).Content.ReadFromJsonAsync<JsonElement>();
        return [.. todos.EnumerateArray().Select(todo => todo.GetProperty("title").GetString()!)];
    }
}
