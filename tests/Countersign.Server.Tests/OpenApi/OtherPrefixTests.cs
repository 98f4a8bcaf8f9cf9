namespace Countersign.Server.Tests.OpenApi;

/// <summary>A server whose routes lie elsewhere: what describes them follows, since it asks the routes.</summary>
public sealed class OtherPrefixTests(OtherPrefixTests.MovedServer server) : IClassFixture<OtherPrefixTests.MovedServer>
{
    private const string Prefix = "/identity/v2";

    [Fact]
    public async Task TokenUrl_FollowsThePrefix()
    {
        var document = await DocumentReading.FetchAsync(server.Address);

        var flow = document.Root.GetProperty("components").GetProperty("securitySchemes").GetProperty("passwordFlow").GetProperty("flows")
            .GetProperty("password");

        Assert.Equal(Prefix + "/auth/login", flow.GetProperty("tokenUrl").GetString());
        Assert.Equal(Prefix + "/auth/token", flow.GetProperty("refreshUrl").GetString());
        Assert.Contains(document.Operations, operation => operation.Path == Prefix + "/users/me");
        Assert.DoesNotContain(document.Operations, operation => operation.Path.StartsWith("/api/v1", StringComparison.Ordinal));
    }

    public sealed class MovedServer : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Auth__ApiPrefix", Prefix));
    }
}
