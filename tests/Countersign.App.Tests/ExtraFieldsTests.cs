extern alias ExtraFields;

using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.TestServer;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.App.Tests;

/// <summary>The app of the guide to extra fields and hooks.</summary>
public sealed class ExtraFieldsTests : IDisposable
{
    private const string Database = "extra-fields.db";
    private const string Register = "/api/v1/auth/register";

    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new(DateTimeOffset.UnixEpoch.AddYears(60));

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _directory.Dispose();
        File.Delete(Database);
    }

    [Fact]
    public async Task ExtraFields_SignUpLoginAndEndOfTheTrial_AsTheGuideSays()
    {
        File.Delete(Database);
        await using var app = new WebApplicationFactory<ExtraFields::Program>().WithWebHostBuilder(host => host
            .UseEnvironment("Development")
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .UseContentRoot(_directory.Path)
            .ConfigureTestServices(services => services.AddSingleton<TimeProvider>(_time)));
        app.UseKestrel(0);
        app.StartServer();
        using var client = app.CreateClient();
        const string Password = "correct horse battery";

        // A rule of a field, a field that is missing, and the app's own refusal: nothing is created.
        var invalid = await SendAsync(client, Register, new { email = "ada@example.com", password = Password, company = "A", seats = 0 });
        Assert.Equal((HttpStatusCode.BadRequest, "member_invalid"), (invalid.Status, invalid.Code));
        Assert.Equal(["company", "seats"], invalid.Body.GetProperty("errors").EnumerateObject().Select(static one => one.Name));
        Assert.Equal("member_missing", (await SendAsync(client, Register, new { email = "ada@example.com", password = Password })).Code);
        var first = await SendAsync(client, Register, new { email = "ada@example.com", password = Password, company = "Analytical Engines", seats = 3 });
        Assert.Equal(HttpStatusCode.Created, first.Status);
        var second = await SendAsync(client, Register, new { email = "bob@example.com", password = Password, company = "Analytical Engines" });
        Assert.Equal((HttpStatusCode.Forbidden, "company_taken"), (second.Status, second.Code));

        // The login stands at its new address alone.
        var credentials = new { username = "ada@example.com", password = Password };
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(client, "/api/v1/auth/login", credentials)).Status);
        var login = await SendAsync(client, "/sign-in", credentials);
        Assert.Equal(HttpStatusCode.OK, login.Status);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/company");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", login.Body.GetProperty("access_token").GetString());
        using var company = await client.SendAsync(request, TestContext.Current.CancellationToken);
        var json = await company.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        Assert.Equal(("Analytical Engines", 3), (json.GetProperty("name").GetString(), json.GetProperty("seats").GetInt32()));

        _time.Advance(TimeSpan.FromDays(31));
        var late = await SendAsync(client, "/sign-in", credentials);
        Assert.Equal((HttpStatusCode.Forbidden, "trial_over"), (late.Status, late.Code));
        Assert.Equal("about:blank", late.Body.GetProperty("type").GetString());
    }

    private static async Task<(HttpStatusCode Status, string? Code, JsonElement Body)> SendAsync(HttpClient client, string path, object json)
    {
        using var answer = await client.PostAsJsonAsync(path, json, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var body = text.Length == 0 ? default : JsonSerializer.Deserialize<JsonElement>(text);
        return (answer.StatusCode, body.ValueKind is JsonValueKind.Object && body.TryGetProperty("code", out var code) ? code.GetString() : null, body);
    }
}
