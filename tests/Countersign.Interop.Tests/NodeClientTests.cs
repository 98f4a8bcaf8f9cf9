using System.Security.Cryptography;
using System.Text;
using Countersign.Interop.Tests.Support;

namespace Countersign.Interop.Tests;

/// <summary>Libraries that follow the RFCs to the letter, against the running server.</summary>
public sealed class NodeClientTests(NodeClientTests.Server server) : IClassFixture<NodeClientTests.Server>
{
    private const string ResourceServer = "resource-server";

    /// <summary>What the script must have done, so that one that stops early does not pass.</summary>
    private static readonly string[] Operations =
    [
        "jose: refuse a tampered access token",
        "jose: refuse the refresh token",
        "jose: verify the access token by the key set",
        "oauth4webapi: discovery (oauth2)",
        "oauth4webapi: discovery (oidc)",
        "oauth4webapi: introspection (client_secret_basic)",
        "oauth4webapi: introspection (client_secret_post)",
        "oauth4webapi: introspection of a revoked token",
        "oauth4webapi: introspection with a wrong secret",
        "oauth4webapi: protected resource",
        "oauth4webapi: protected resource without a good token",
        "oauth4webapi: refresh grant",
        "oauth4webapi: refresh grant with a token that is none",
        "oauth4webapi: revocation (client_secret_basic)",
        "oauth4webapi: validateJwtAccessToken (RFC 9068)",
        "oauth4webapi: validateJwtAccessToken refuses the refresh token",
        "openid-client: discovery",
        "openid-client: introspection",
        "openid-client: protected resource",
        "openid-client: refresh grant",
        "openid-client: revocation, as the public client",
    ];

    [Fact]
    public async Task Libraries_AgainstTheServer_UnderstandIt()
    {
        var folder = await NodePackages.RequireAsync();
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id");
        var pair = (await client.LogInAsync()).Body;
        var second = (await client.LogInAsync()).Body;
        var answers = await Tool.AskAsync("node", ["interop.mjs"], new
        {
            issuer = server.Address.GetLeftPart(UriPartial.Authority),
            audience = "https://api.example",
            prefix = "/api/v1",
            clientId = "countersign",
            userId,
            pair,
            second,
            resourceServer = new { id = ResourceServer, secret = Server.Secret },
        }, folder);

        foreach (var answer in answers.EnumerateArray())
        {
            var (name, operation) = (answer.GetProperty("client").GetString()!, answer.GetProperty("operation").GetString()!);
            var detail = answer.GetProperty("detail").GetString()!;
            Assert.True(answer.GetProperty("ok").GetBoolean(), $"{name}: {operation}: {detail}");
            InteropTable.Passed(name, operation, detail);
        }

        Assert.Equal(
            Operations,
            answers.EnumerateArray().Select(answer => $"{answer.GetProperty("client")}: {answer.GetProperty("operation")}").Order(StringComparer.Ordinal));
    }

    public sealed class Server : RunningServer
    {
        internal static readonly string Secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
            ("Auth__Audience", "https://api.example"),
            ("Auth__Clients__0__Id", ResourceServer),
            ("Auth__Clients__0__SecretHash", Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Secret)))),
            ("Auth__Clients__0__Audiences__0", "https://api.example"));
    }
}
