using System.Globalization;
using Countersign.AspNetCore.Tests.Endpoints;
using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Clients;

/// <summary>What introspection and revocation make of tokens that no login gives: each rule broken alone, by the service's own keys.</summary>
public sealed class ClientTokensTests : IAsyncLifetime
{
    private WebServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await ClientApp.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task O20_GenuineTokenWithOneFault_IsInactiveAndRevokesNothing()
    {
        var login = await _server.LoginAsync();
        (string Fault, string Token)[] rows =
        [
            ("expired", _server.Forge(login, age: TimeSpan.FromHours(1))),
            ("expired this second", _server.Forge(login, age: TimeSpan.FromMinutes(10))),
            ("issued in the future", _server.Forge(login, age: TimeSpan.FromMinutes(-5))),
            ("lives too long", _server.Forge(login, policy => policy.WithLifetimes(maxAccess: TimeSpan.FromHours(5)), lifetime: TimeSpan.FromHours(4))),
            ("another issuer", _server.Forge(login, policy => policy.WithIssuer("https://other.example.com"))),
            ("another audience", _server.Forge(login, policy => policy.WithAudience("https://other.example.com"))),
            ("another key", _server.Forge(login, policy => policy.WithKeys(OtherKeys()))),
        ];
        foreach (var (fault, token) in rows)
        {
            Assert.False(await _server.TakesAsync(token), fault);
            Assert.True((await _server.IntrospectAsync(token)).Text == ClientApp.Inactive, fault);
            foreach (var revoked in (Reply[])[await _server.RevokeAsync(token), await _server.RevokePubliclyAsync(token)])
            {
                Assert.True((revoked.Status, revoked.Text) is (200, ""), fault);
            }
        }

        Assert.True(await _server.TakesAsync(login.AccessToken));
        Assert.True(await _server.TakesAsync(_server.Forge(login)), "A token without a fault is good, or the table shows nothing.");
    }

    [Fact]
    public async Task O17_TokenOfAnotherClient_IsNotThePublicClientsToRevoke()
    {
        var login = await _server.LoginAsync();
        var foreign = _server.Forge(login, policy => policy.WithClientId("another"));

        Assert.Equal((200, ""), await AnswerAsync(_server.RevokePubliclyAsync(foreign)));
        Assert.True(await _server.TakesAsync(foreign));

        // It is of the resource server's audience, whoever it was issued to.
        Assert.Contains("\"client_id\":\"another\"", (await _server.IntrospectAsync(foreign)).Text, StringComparison.Ordinal);
        Assert.Equal((200, ""), await AnswerAsync(_server.RevokeAsync(foreign)));
        Assert.False(await _server.TakesAsync(foreign));
    }

    [Fact]
    public async Task Introspect_EpochRaised_IsInactive()
    {
        var login = await _server.LoginAsync();
        Assert.Contains("\"active\":true", (await _server.IntrospectAsync(login.AccessToken)).Text, StringComparison.Ordinal);

        _server.Services.GetRequiredService<RevocationList>().RaiseEpoch(1);

        Assert.Equal(ClientApp.Inactive, (await _server.IntrospectAsync(login.AccessToken)).Text);
    }

    [Fact]
    public async Task C45_RowGone_TheTokenIsDeadAllTheSame()
    {
        var login = await _server.LoginAsync();
        await _server.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync("DELETE FROM countersign_sessions"));
        Assert.True(await _server.TakesAsync(login.AccessToken));

        Assert.Equal(200, (await _server.RevokePubliclyAsync(login.AccessToken)).Status);

        Assert.False(await _server.TakesAsync(login.AccessToken));
        Assert.Equal(1, await RevocationsAsync());
        Assert.Equal(200, (await _server.RevokePubliclyAsync(login.AccessToken)).Status);
        Assert.Equal(1, await RevocationsAsync());
    }

    [Fact]
    public async Task RefreshToken_AccountChanged_IsInactiveThoughTheSessionIsLive()
    {
        var login = await _server.LoginAsync();
        await _server.ChangeAsync(context => context.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.SecurityStamp, "moved")));

        Assert.Equal(ClientApp.Inactive, (await _server.IntrospectAsync(login.RefreshToken, "refresh_token")).Text);
    }

    [Fact]
    public async Task RefreshToken_DatabaseFails_Is503AndNotInactive()
    {
        var login = await _server.LoginAsync();
        await _server.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE AspNetUsers RENAME TO Away"));

        AssertUnavailable(await _server.IntrospectAsync(login.RefreshToken, "refresh_token"));
    }

    [Fact]
    public async Task NoKeys_503AndNeverInactiveOrRevoked()
    {
        var login = await _server.LoginAsync();
        _server.Services.GetRequiredService<KeyRing>().Replace(KeySet.Empty);

        AssertUnavailable(await _server.IntrospectAsync(login.AccessToken));
        AssertUnavailable(await _server.RevokeAsync(login.AccessToken));
        AssertUnavailable(await _server.RevokePubliclyAsync(login.AccessToken));
    }

    [Fact]
    public async Task SessionlessToken_WhereNoneIsTaken_IsInactive()
    {
        var login = await _server.LoginAsync();
        var token = _server.SessionlessToken(login.UserId);

        Assert.Equal(ClientApp.Inactive, (await _server.IntrospectAsync(token)).Text);
        Assert.Equal((200, ""), await AnswerAsync(_server.RevokeAsync(token)));
    }

    [Fact]
    public async Task SessionlessToken_WhereTheyAreTaken_IsActiveWhileItsAccountIsAndCannotBeRevoked()
    {
        await using var lenient = await ClientApp.StartAsync(static builder => builder.UnsafeAcceptSessionlessTokens());
        var login = await lenient.LoginAsync();
        var token = lenient.SessionlessToken(login.UserId);

        var active = await lenient.IntrospectAsync(token);
        Assert.Equal("active token_type client_id sub aud iss exp iat jti", active.Members);
        foreach (var reply in (Reply[])[await lenient.RevokeAsync(token), await lenient.RevokePubliclyAsync(token)])
        {
            Assert.Equal((400, "unsupported_token_type"), (reply.Status, reply.Error));
        }

        Assert.Equal(ClientApp.Inactive, (await lenient.IntrospectAsync(lenient.SessionlessToken("nobody"))).Text);
        await lenient.ChangeAsync(static context => context.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.IsDisabled, true)));
        Assert.Equal(ClientApp.Inactive, (await lenient.IntrospectAsync(token)).Text);
        Assert.Equal((200, ""), await AnswerAsync(lenient.RevokeAsync(token)));

        await lenient.ChangeAsync(static context => context.Database.ExecuteSqlRawAsync("ALTER TABLE AspNetUsers RENAME TO Away"));
        AssertUnavailable(await lenient.IntrospectAsync(token));
        AssertUnavailable(await lenient.RevokeAsync(token));
    }

    private static KeyRing OtherKeys()
    {
        var key = SigningKey.Create(SignatureAlgorithm.ES256);
        return new KeyRing(new KeySet(key, [key.VerificationKey]));
    }

    private static async Task<(int, string)> AnswerAsync(Task<Reply> reply) => ((await reply).Status, (await reply).Text);

    private static void AssertUnavailable(Reply reply)
    {
        Assert.Equal((503, "temporarily_unavailable"), (reply.Status, reply.Error));
        Assert.InRange(int.Parse(reply.Header("Retry-After"), CultureInfo.InvariantCulture), 1, 60);
    }

    private async Task<int> RevocationsAsync()
    {
        var count = 0;
        await _server.ChangeAsync(async context =>
            count = await context.Database.SqlQueryRaw<int>("SELECT count(*) AS Value FROM countersign_revocations").SingleAsync());
        return count;
    }
}
