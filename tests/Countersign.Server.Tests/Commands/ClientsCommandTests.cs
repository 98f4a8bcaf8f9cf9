using System.Text.Json;
using Countersign.Server.Tests.Http;

namespace Countersign.Server.Tests.Commands;

public sealed class ClientsCommandTests : IDisposable
{
    private const string Audience = "https://orders.example.com";

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task Create_NewId_PrintsWhatTheServerAndTheClientNeedAndWritesNothing()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, ["clients", "create", "orders", "--audience", Audience, "--audience", "b"]);

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));
        var lines = Values(output);
        Assert.Equal("orders", lines["client_id"]);
        Assert.Equal("orders", lines["Auth__Clients__0__Id"]);
        Assert.Equal((Audience, "b"), (lines["Auth__Clients__0__Audiences__0"], lines["Auth__Clients__0__Audiences__1"]));
        Assert.Equal(ClientServer.Hash(lines["client_secret"]), lines["Auth__Clients__0__SecretHash"]);
        Assert.Equal(2, output.Split(lines["client_secret"]).Length);
        var json = JsonElement.Parse(output[output.IndexOf('{', StringComparison.Ordinal)..]);
        Assert.Equal("Id SecretHash Audiences", string.Join(' ', json.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(lines["Auth__Clients__0__SecretHash"], json.GetProperty("SecretHash").GetString());

        var again = await ServerProcess.RunAsync(_directory.Path, ["clients", "create", "orders", "--audience", Audience]);
        Assert.NotEqual(lines["client_secret"], Values(again.Output)["client_secret"]);
    }

    [Fact]
    public async Task CreateAndReplaceSecret_WhatTheyPrint_LetsTheClientIn()
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal) { ["Auth__Audience"] = Audience };
        var created = await PrintedAsync(environment, "clients", "create", "orders");
        var replaced = await PrintedAsync(environment, "clients", "replace-secret", "orders");
        Assert.Equal(created["Auth__Clients__0__SecretHash"], replaced["Auth__Clients__0__PreviousSecretHash"]);
        Assert.NotEqual(created["client_secret"], replaced["client_secret"]);
        var second = await PrintedAsync(environment, "clients", "create", "billing");
        Assert.Equal("billing", second["Auth__Clients__1__Id"]);
        await using var server = await ServerProcess.StartAsync(_directory.Path, environment);

        foreach (var (id, secret) in new[] { ("orders", created), ("orders", replaced), ("billing", second) }.Select(row => (row.Item1, row.Item2["client_secret"])))
        {
            using var http = new HttpClient { BaseAddress = server.Address };
            using var form = ApiClient.Raw("token=x", "application/x-www-form-urlencoded");
            http.DefaultRequestHeaders.Add("Authorization", ClientServer.Basic(id, secret));
            using var answer = await http.PostAsync(new Uri("/api/v1/auth/introspect", UriKind.Relative), form);
            Assert.Equal("""{"active":false}""", await answer.Content.ReadAsStringAsync());
        }

        await server.StopAsync();
    }

    /// <summary>A command line, the configuration, and words of the one line that says why not.</summary>
    public static TheoryData<string, string?, string> Refusals => new()
    {
        { "create orders", null, "no audience is configured" },
        { "create a:b", Audience, "a client's id is" },
        { "create countersign", Audience, "is the id of the public client" },
        { "create present", Audience, "Auth:Clients:0 has this id already" },
        { "replace-secret orders", Audience, "no client with this id" },
        { "replace-secret present", Audience, "Auth:Clients:0:SecretHash is not a valid hash" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public async Task Clients_WhatCannotBe_IsOneLineAndNoSecret(string arguments, string? audience, string reason)
    {
        Dictionary<string, string> environment = new(StringComparer.Ordinal);
        if (audience is not null)
        {
            environment["Auth__Audience"] = audience;
            environment["Auth__Clients__0__Id"] = "present";
        }

        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, ["clients", .. arguments.Split(' ')], environment: environment);

        Assert.Equal((1, ""), (exitCode, output));
        var line = Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("countersign: ", line, StringComparison.Ordinal);
        Assert.Contains(reason, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_OfBothCommands_SaysWhatTheyDo()
    {
        foreach (var command in (string[])["create", "replace-secret"])
        {
            var (exitCode, output, _) = await ServerProcess.RunAsync(_directory.Path, ["clients", command, "--help"]);

            Assert.Equal(0, exitCode);
            Assert.Contains("nothing is written", output, StringComparison.Ordinal);
        }
    }

    /// <summary>Runs a command, and sets what it prints for the server.</summary>
    private async Task<Dictionary<string, string>> PrintedAsync(Dictionary<string, string> environment, params string[] arguments)
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, arguments, environment: environment);
        Assert.True(exitCode == 0, error);
        var values = Values(output);
        foreach (var (name, value) in values.Where(line => line.Key.StartsWith("Auth__", StringComparison.Ordinal)))
        {
            environment[name] = value;
        }

        return values;
    }

    private static Dictionary<string, string> Values(string output) => output.Split('\n')
        .Where(line => line.Contains('=', StringComparison.Ordinal) && line[0] is not ('#' or ' '))
        .Select(line => line.Split('=', 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
