using System.Net.Http.Headers;
using System.Text;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.Sessions;
using Countersign.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Clients;

/// <summary>An app with one confidential client of its audience.</summary>
internal static class ClientApp
{
    public const string Inactive = """{"active":false}""";
    private const string Secret = "a secret of the tests";

    /// <summary>Starts the app.</summary>
    public static async Task<WebServer> StartAsync(Action<CountersignBuilder>? configure = null)
    {
        var server = new WebServer(builder =>
        {
            builder.Services.Configure<ClientOptions>(static options => options.Clients.Add(
                new CountersignClientOptions { Id = "api", SecretHash = ClientSecret.Format(Secret), Audiences = { WebServer.Issuer } }));
            configure?.Invoke(builder);
        });
        await server.InitializeAsync();
        return server;
    }

    public static Task<Reply> IntrospectAsync(this WebServer server, string token, string? hint = null) =>
        PostAsync(
            server, "/introspect", $"client_id=api&client_secret={Uri.EscapeDataString(Secret)}&token={Uri.EscapeDataString(token)}&token_type_hint={hint}");

    public static Task<Reply> RevokeAsync(this WebServer server, string token) =>
        PostAsync(server, "/revoke", $"client_id=api&client_secret={Uri.EscapeDataString(Secret)}&token={Uri.EscapeDataString(token)}");

    /// <summary>Revokes as the public client.</summary>
    public static Task<Reply> RevokePubliclyAsync(this WebServer server, string token) =>
        PostAsync(server, "/revoke", $"client_id=countersign&token={Uri.EscapeDataString(token)}");

    /// <summary>Whether the app itself takes a token.</summary>
    public static async Task<bool> TakesAsync(this WebServer server, string token) => (await server.SendAsync("GET", "/who", bearer: token)).Status == 200;

    /// <summary>Makes an access token of a session as the app would, save for what is changed.</summary>
    public static string Forge(
        this WebServer server, Login login, Func<TokenPolicy, TokenPolicy>? policy = null, TimeSpan age = default, TimeSpan? lifetime = null)
    {
        var now = DateTimeOffset.UnixEpoch + TimeSpan.FromSeconds((TimeProvider.System.GetUtcNow() - age).ToUnixTimeSeconds());
        var own = server.Services.GetRequiredService<TokenPolicy>();
        return new TokenIssuer(policy is null ? own : policy(own), TimeProvider.System).Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = login.UserId,
            SessionId = Guid.Parse(login.SessionId),
            IssuedAt = now,
            ExpiresAt = now + (lifetime ?? TimeSpan.FromMinutes(10)),
            TokenId = "forged",
            Epoch = 0,
        });
    }

    private static Task<Reply> PostAsync(WebServer server, string path, string form) =>
        server.SendAsync(
            "POST", "/api/v1/auth" + path,
            new StringContent(form, Encoding.ASCII, new MediaTypeHeaderValue("application/x-www-form-urlencoded")), bearer: null);
}
