using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;

namespace Countersign.Server.Tests.Commands;

/// <summary>Commands and a running server on one database.</summary>
public sealed class RunningServerTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Deactivate_WhileTheServerRuns_EndsTheSessionThere()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/api/v1/") };
        Assert.Equal(
            0, (await ServerProcess.RunAsync(_directory.Path, ["users", "create", "ada@example.com", "--password-stdin"], "correct horse battery\n")).ExitCode);
        Assert.Null(await LogInAsync(client));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("auth/sessions")).StatusCode);

        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["users", "deactivate", "ada@example.com"]);
        Assert.True(exitCode == 0, error);
        var problem = await RefusalAsync(client);

        Assert.Equal("Inactive user", problem.GetProperty("detail").GetString());
        Assert.Equal("account_inactive", problem.GetProperty("code").GetString());
    }

    [Fact]
    public async Task RoleAdd_WhileTheServerRuns_IsInTheNextLogin()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/api/v1/") };
        await ServerProcess.RunAsync(_directory.Path, ["users", "create", "ada@example.com", "--password-stdin"], "correct horse battery\n");
        await ServerProcess.RunAsync(_directory.Path, ["users", "role", "add", "ada@example.com", "admin"]);

        Assert.Null(await LogInAsync(client));
        var me = await client.GetFromJsonAsync<JsonElement>("users/me");

        Assert.Equal("admin", Assert.Single(me.GetProperty("roles").EnumerateArray()).GetString());
    }

    /// <summary>The way of an initial password: a login, expiry, a new one by the operator, a change, and nothing that expires any more.</summary>
    [Fact]
    public async Task InitialPassword_WhileTheServerRuns_IsReplacedUntilThePersonChoosesOne()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        using var client = new HttpClient { BaseAddress = new Uri(server.Address, "/api/v1/") };
        var first = await GenerateAsync();
        Assert.Null(await LogInAsync(client, first));
        await Sqlite.ExecuteAsync(_directory.File("data/countersign.db"), "UPDATE AspNetUsers SET PasswordExpiresAt = 1");
        Assert.Equal("password_expired", await LogInAsync(client, first));

        var second = await GenerateAsync();
        Assert.Equal("invalid_credentials", await LogInAsync(client, first));
        Assert.Null(await LogInAsync(client, second));
        using var change = await client.PostAsJsonAsync("auth/change-password", new { current_password = second, new_password = "correct horse battery" });

        Assert.Equal(HttpStatusCode.OK, change.StatusCode);
        Assert.Null(await LogInAsync(client, "correct horse battery"));
        Assert.Equal(1, await Sqlite.CountAsync(_directory.File("data/countersign.db"), "SELECT count(*) FROM AspNetUsers WHERE PasswordExpiresAt IS NULL"));
        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["users", "create", "ada@example.com", "--generate"]);
        Assert.Equal(1, exitCode);
        Assert.Contains("taken", error, StringComparison.Ordinal);
    }

    private async Task<string> GenerateAsync()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, ["users", "create", "ada@example.com", "--generate"]);
        Assert.True(exitCode == 0, error);
        return output.Split('\n').Single(static line => line.StartsWith("password: ", StringComparison.Ordinal))["password: ".Length..];
    }

    /// <summary>Logs in, and goes on with that session.</summary>
    /// <returns>The code of the refusal; null for none.</returns>
    private static async Task<string?> LogInAsync(HttpClient client, string password = "correct horse battery")
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("username", "ada@example.com"), KeyValuePair.Create("password", password)]);
        using var response = await client.PostAsync("auth/login", form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        if (!response.IsSuccessStatusCode)
        {
            return answer.GetProperty("code").GetString();
        }

        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", answer.GetProperty("access_token").GetString());
        return null;
    }

    /// <summary>The refusal that the feed brings, asked where no account is read; the test's own time-out ends the wait if it brings none.</summary>
    private static async Task<JsonElement> RefusalAsync(HttpClient client)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        while (true)
        {
            using var response = await client.GetAsync("auth/sessions", patience.Token);
            if (!response.IsSuccessStatusCode)
            {
                Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
                return await response.Content.ReadFromJsonAsync<JsonElement>(patience.Token);
            }

            await Task.Delay(50, patience.Token);
        }
    }
}
