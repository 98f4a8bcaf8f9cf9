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
        Assert.Equal(0, (await ServerProcess.RunAsync(_directory.Path, ["users", "create", "ada@example.com", "--password-stdin"], "correct horse battery\n")).ExitCode);
        await LogInAsync(client);
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

        await LogInAsync(client);
        var me = await client.GetFromJsonAsync<JsonElement>("users/me");

        Assert.Equal("admin", Assert.Single(me.GetProperty("roles").EnumerateArray()).GetString());
    }

    private static async Task LogInAsync(HttpClient client)
    {
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("username", "ada@example.com"), KeyValuePair.Create("password", "correct horse battery")]);
        using var response = await client.PostAsync("auth/login", form);
        var tokens = await response.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.GetProperty("access_token").GetString());
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
