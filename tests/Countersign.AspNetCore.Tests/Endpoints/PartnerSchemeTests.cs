using Countersign.AspNetCore.Tests.Support;
using Countersign.Bearer;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>An app with accounts of its own that takes the tokens of another authority too.</summary>
public sealed class PartnerSchemeTests : IAsyncLifetime
{
    private const string Partner = "Partner";
    private const string PartnerIssuer = "https://partner.example.com";
    private readonly SigningKey _key = SigningKey.Create(SignatureAlgorithm.ES256);
    private readonly PartnerKeys _keys;
    private readonly VerifiedTokenCache _cache = new();
    private readonly WebServer _server;

    public PartnerSchemeTests()
    {
        _keys = new PartnerKeys(JsonWebKeySet.Write([_key.VerificationKey]));
        _server = new WebServer(
            builder => builder.Services.AddSingleton(_cache).AddCountersignBearer(Partner, options =>
            {
                options.Authority = PartnerIssuer;
                options.JwksUri = PartnerIssuer + "/keys";
                options.BackchannelHttpHandler = _keys;
            }),
            static app =>
            {
                app.MapGet("/partner", () => "in").RequireAuthorization(static policy => policy.AddAuthenticationSchemes(Partner).RequireAuthenticatedUser());
                app.MapGet("/either", (CurrentUser user) => user.UserId)
                    .RequireAuthorization(static policy => policy.AddAuthenticationSchemes(Partner).RequireAuthenticatedUser());
                app.MapGet("/either/account", (CurrentUser<AppUser> user) => user.Account.Id)
                    .RequireAuthorization(static policy => policy.AddAuthenticationSchemes(Partner).RequireAuthenticatedUser());
            });
    }

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _keys.Dispose();
        _key.Dispose();
    }

    /// <summary>A partner may name its people as it likes, and as this app names its own.</summary>
    [Theory]
    [InlineData("/either")]
    [InlineData("/either/account")]
    [InlineData("/who")]
    [InlineData("/account")]
    [InlineData("/api/v1/users/me")]
    public async Task CurrentUser_PartnersTokenWithAnAccountsId_IsNobody(string path)
    {
        var login = await _server.LoginAsync();
        var token = PartnersToken(login.UserId);
        Assert.Equal(200, (await _server.SendAsync("GET", "/partner", bearer: token)).Status);

        var reply = await _server.SendAsync("GET", path, bearer: token);

        Assert.Equal(401, reply.Status);
        Assert.DoesNotContain(login.UserId, reply.Text, StringComparison.Ordinal);
        Assert.Equal(200, (await _server.SendAsync("GET", path, bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task Partner_TokenOfTheApp_IsRefused()
    {
        var login = await _server.LoginAsync();

        Assert.Equal(401, (await _server.SendAsync("GET", "/partner", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task VerifiedTokenCache_OfTheApp_IsUsedByBothSchemes()
    {
        var login = await _server.LoginAsync();

        await _server.SendAsync("GET", "/who", bearer: login.AccessToken);
        Assert.Equal(1, _cache.Count);

        await _server.SendAsync("GET", "/partner", bearer: PartnersToken("7"));
        Assert.Equal(2, _cache.Count);
    }

    private string PartnersToken(string subject)
    {
        var now = TimeProvider.System.GetUtcNow();
        var policy = TokenPolicy.Strict(new KeyRing(new KeySet(_key, [])), PartnerIssuer, PartnerIssuer);
        return new TokenIssuer(policy, TimeProvider.System).Create(new TokenDescriptor
        {
            Type = TokenType.Access,
            Subject = subject,
            IssuedAt = now,
            ExpiresAt = now.AddMinutes(5),
            SessionId = Guid.CreateVersion7(now),
            TokenId = "a-token",
        });
    }

    private sealed class PartnerKeys(byte[] set) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(set), RequestMessage = request });
    }
}
