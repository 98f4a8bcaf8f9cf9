using Countersign.Server.Tests.OpenApi;

namespace Countersign.Server.Tests.Http;

/// <summary>A server on which an operator makes the accounts.</summary>
public sealed class ClosedRegistrationTests(ClosedRegistrationTests.ClosedServer server) : IClassFixture<ClosedRegistrationTests.ClosedServer>
{
    [Fact]
    public async Task Register_Closed_IsNowhereAndTheOperatorsAccountLogsIn()
    {
        using var client = server.Client();
        (await client.PostAsync("/auth/register", new { email = "eve@example.com", password = ApiClient.Password })).AssertRefused(404, "not_found");

        var document = await DocumentReading.FetchAsync(server.Address);
        Assert.DoesNotContain(document.Operations, static operation => operation.Path.EndsWith("/register", StringComparison.Ordinal));
        Assert.Contains(document.Operations, static operation => operation.Path.EndsWith("/login", StringComparison.Ordinal));

        var (exitCode, output, error) = await server.RunCommandAsync("users", "create", "ada@example.com", "--generate");
        Assert.True(exitCode == 0, error);
        var password = output.Split("password: ")[1].Split('\n')[0];
        Assert.Equal(200, (await client.PostAsync("/auth/login", new { username = "ada@example.com", password })).Status);
    }

    public sealed class ClosedServer : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Auth__Registration", "closed"));
    }
}
