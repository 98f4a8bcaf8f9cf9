using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Clients;

/// <summary>Clients beside a shared secret, where tokens come from other programs too, with fewer claims and other shapes of them.</summary>
public sealed class SharedSecretTokensTests
{
    private const string Secret = "9f2c5d1b7a6e4c3d8b0a1f2e3d4c5b6a79808182";

    [Fact]
    public async Task Introspect_TokensWithoutAudience_AreOfTheServiceItself()
    {
        await using var server = await StartAsync(audience: null);
        var login = await server.LoginAsync();

        var access = await server.IntrospectAsync(login.AccessToken);
        var refresh = await server.IntrospectAsync(login.RefreshToken, "refresh_token");

        Assert.DoesNotContain("aud", access.Members.Split(' '));
        Assert.True(access.Json.GetProperty("active").GetBoolean());
        Assert.Equal("refresh_token", refresh.Json.GetProperty("token_type").GetString());
        Assert.Equal(ClientApp.Inactive, (await server.IntrospectAsync(login.RefreshToken)).Text);
        Assert.Equal(200, (await server.RevokeAsync(login.RefreshToken)).Status);
        Assert.False(await server.TakesAsync(login.AccessToken));
    }

    [Fact]
    public async Task Introspect_NumbersAndAudiencesOfAnotherProgram_StandAsInTheToken()
    {
        await using var server = await StartAsync(WebServer.Issuer);
        var login = await server.LoginAsync();
        var exp = (TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() + 600).ToString(CultureInfo.InvariantCulture) + ".50";
        var token = Sign(
            $$"""{"sub":"{{login.UserId}}","type":"access","exp":{{exp}},"nbf":1e9""" +
            $$""","sid":"{{login.SessionId}}","aud":["https://x.example.com","{{WebServer.Issuer}}"],"extra":1}""");

        Assert.Equal(
            $$"""{"active":true,"token_type":"Bearer","sub":"{{login.UserId}}","aud":["https://x.example.com","{{WebServer.Issuer}}"]""" +
            $$""","exp":{{exp}},"nbf":1e9,"sid":"{{login.SessionId}}"}""",
            (await server.IntrospectAsync(token)).Text);

        // It names no client: it can only be the public one's.
        Assert.Equal(200, (await server.RevokePubliclyAsync(token)).Status);
        Assert.False(await server.TakesAsync(login.AccessToken));
    }

    [Fact]
    public async Task Introspect_NotYetValid_IsInactive()
    {
        await using var server = await StartAsync(audience: null);
        var login = await server.LoginAsync();
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        string Token(long notBefore) => Sign(string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"sub":"{{login.UserId}}","type":"access","exp":{{now + 600}},"nbf":{{notBefore}},"sid":"{{login.SessionId}}"}"""));

        Assert.Equal(ClientApp.Inactive, (await server.IntrospectAsync(Token(now + 300))).Text);
        Assert.NotEqual(ClientApp.Inactive, (await server.IntrospectAsync(Token(now - 300))).Text);
    }

    private static Task<WebServer> StartAsync(string? audience) => ClientApp.StartAsync(builder =>
        builder.Services.Configure<CountersignTokenOptions>(options =>
        {
            options.SecretKey = Secret;
            options.Audience = audience;
        }));

    private static string Sign(string payload)
    {
        var input = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8) + '.' + Base64Url.EncodeToString(Encoding.UTF8.GetBytes(payload));
        return input + '.' + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.ASCII.GetBytes(input)));
    }
}
