using System.Security.Claims;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Tests.Authority;

/// <summary>Two authorities in one app: a key that one has published never verifies a token that names the other.</summary>
public sealed class SeveralSchemesTests : IAsyncLifetime
{
    private const string First = "First";
    private const string Second = "Second";
    private AuthorityServer _first = null!;
    private AuthorityServer _second = null!;

    public async ValueTask InitializeAsync()
    {
        _first = await AuthorityServer.StartAsync();
        _second = await AuthorityServer.StartAsync(_first.Time);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_OfOneAuthority_IsRefusedByTheOther_WarmAndCold(bool isCacheShared)
    {
        await using var app = await StartAsync(isCacheShared);
        var (first, second) = (_first.Token(), _second.Token());
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((200, 401, 200), await AskAsync(app, first));
            Assert.Equal((401, 200, 200), await AskAsync(app, second));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_ThatNamesTheOtherIssuer_IsRefusedEverywhere(bool isCacheShared)
    {
        await using var app = await StartAsync(isCacheShared);

        // Signed with a key that the first has published, in the name of the second.
        var forged = _first.Token(issuer: _second.Issuer);
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((401, 401, 401), await AskAsync(app, forged));
        }

        Assert.Equal("token_issuer_wrong", (await app.GetAsync(forged, "/first")).Code);
        Assert.Equal("token_key_unknown", (await app.GetAsync(forged, "/second")).Code);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Token_UnderAnIdThatBothHave_IsItsIssuersAlone(bool isCacheShared)
    {
        // The second publishes another key under the first's id, before anybody has asked.
        using var twin = SigningKey.FromPkcs8(
            SigningKey.Create(SignatureAlgorithm.ES256).ExportPrivateKey(), SignatureAlgorithm.ES256, _first.Current.VerificationKey.KeyId);
        _second.Published = [twin.VerificationKey, _second.Current.VerificationKey];
        await using var app = await StartAsync(isCacheShared);
        var (first, second) = (_first.Token(), _second.Token(key: twin));
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((200, 401, 200), await AskAsync(app, first));
            Assert.Equal((401, 200, 200), await AskAsync(app, second));
            Assert.Equal((401, 401, 401), await AskAsync(app, _first.Token(issuer: _second.Issuer)));
            Assert.Equal((401, 401, 401), await AskAsync(app, _second.Token(issuer: _first.Issuer, key: twin)));
        }
    }

    /// <summary>The very key of the first, published by the second too: its tokens verify there, and name the wrong issuer.</summary>
    [Fact]
    public async Task Token_OfAKeyThatBothPublish_IsItsIssuersAlone()
    {
        _second.Published = [_first.Current.VerificationKey];
        await using var app = await StartAsync(isCacheShared: true);
        var token = _first.Token();
        for (var round = 0; round < 3; round++)
        {
            Assert.Equal((200, 401, 200), await AskAsync(app, token));
        }
    }

    [Fact]
    public async Task Policy_OfBoth_SaysWhatTheTokensOwnAuthoritySays()
    {
        await using var app = await StartAsync(isCacheShared: false);
        var (first, second) = (_first.Token(), _second.Token());
        _first.Time.Advance(TimeSpan.FromMinutes(31));
        await SettleAsync(app);

        Assert.Equal("token_expired", (await app.GetAsync(first, "/both")).Code);
        Assert.Equal("token_expired", (await app.GetAsync(second, "/both")).Code);
        Assert.Equal("token_key_unknown", (await app.GetAsync(_second.TokenOfKey("x", issuer: "https://third.example"), "/both")).Code);
    }

    [Fact]
    public async Task Policy_OfBoth_OneAuthorityDown_Is503ForItsTokensAlone()
    {
        _second.IsDown = true;
        await using var app = await StartAsync(isCacheShared: false);

        Assert.Equal(200, (await app.GetAsync(_first.Token(), "/both")).Status);
        Assert.Equal(503, (await app.GetAsync(_second.Token(), "/both")).Status);
        Assert.Equal(401, (await app.GetAsync(_second.Token(), "/first")).Status);
    }

    /// <summary>An authority that neither answers nor refuses must not make the tokens of the others wait for its time-out.</summary>
    [Fact]
    public async Task Policy_OfBoth_OneAuthorityHangs_TokensOfTheOtherDoNotWait()
    {
        _second.Instead = static async context =>
        {
            var gone = new TaskCompletionSource();
            await using var registration = context.RequestAborted.Register(gone.SetResult);
            await gone.Task;
            return true;
        };
        await using var app = await StartSchemesAsync(isCacheShared: false, map: null);
        await (app.KeysOf(First).Renewal ?? Task.CompletedTask);
        await _second.Arrivals.WaitAsync();

        // No time passes here: who waits for the second waits for ever.
        var answer = await app.GetAsync(_first.Token(), "/both").WaitAsync(Patience.Limit);

        Assert.Equal(200, answer.Status);
    }

    [Fact]
    public async Task Token_OfTheOther_LeadsToNoRenewal()
    {
        await using var app = await StartAsync(isCacheShared: false);

        for (var i = 0; i < 20; i++)
        {
            await app.GetAsync(_second.Token(), "/both");
        }

        Assert.Equal((1, 1), (_first.KeyRequests, _second.KeyRequests));
    }

    /// <summary>A token that is too long is not read: not even for the issuer that it names.</summary>
    [Theory]
    [InlineData(8192, true)]
    [InlineData(8193, false)]
    public async Task Token_TooLong_NamesNoIssuer(int length, bool isRead)
    {
        await using var app = await StartAsync(isCacheShared: false);
        var token = _first.TokenOfKey("another");
        token += new string('A', length - token.Length);

        var decision = await app.Services.GetRequiredKeyedService<BearerScheme>(First).DecideAsync(new DefaultHttpContext(), token.AsMemory());

        Assert.Equal(isRead ? TokenOrigin.Own : TokenOrigin.Unknown, decision.Origin);
    }

    [Fact]
    public async Task Request_Accepted_TellsTheScheme()
    {
        await using var app = await StartAsync(isCacheShared: false, app => app.MapGet("/whose", (HttpContext context) =>
            context.Features.Get<BearerToken>()!.Scheme == context.User.Identity!.AuthenticationType && context.User.Identity.AuthenticationType == Second
                ? Results.Ok()
                : Results.Conflict())
            .RequireAuthorization(Policy(First, Second)));

        Assert.Equal(200, (await app.GetAsync(_second.Token(), "/whose")).Status);
        Assert.Equal(409, (await app.GetAsync(_first.Token(), "/whose")).Status);
    }

    /// <summary>A transformation may change the principal that it is given; the next request with the same token must not find that.</summary>
    [Fact]
    public async Task Request_TransformationAddsARole_StaysInThatRequest()
    {
        var transformation = new RoleOnRequest();
        await using var app = await ResourceApp.StartAsync(_first, services: services => services.AddSingleton<IClaimsTransformation>(transformation));
        var token = _first.Token();

        Assert.Equal(403, (await app.GetAsync(token, "/admin")).Status);
        transformation.Adds = true;
        Assert.Equal(200, (await app.GetAsync(token, "/admin")).Status);
        transformation.Adds = false;
        Assert.Equal(403, (await app.GetAsync(token, "/admin")).Status);
    }

    [Theory]
    [InlineData(10_000, 1)]
    [InlineData(0, 0)]
    public async Task VerifiedTokenCache_OfTheApp_IsUsed_UnlessItIsSwitchedOff(int entries, int remembered)
    {
        var cache = new VerifiedTokenCache();
        await using var app = await ResourceApp.StartAsync(
            _first, options => options.VerifiedTokenEntries = entries, services => services.AddSingleton(cache));

        Assert.Equal(200, (await app.GetAsync(_first.Token())).Status);

        Assert.Equal(remembered, cache.Count);
    }

    private static AuthorizationPolicy Policy(params string[] schemes) => new AuthorizationPolicyBuilder(schemes).RequireAuthenticatedUser().Build();

    private static async Task<(int First, int Second, int Both)> AskAsync(ResourceApp app, string token) =>
        ((await app.GetAsync(token, "/first")).Status, (await app.GetAsync(token, "/second")).Status, (await app.GetAsync(token, "/both")).Status);

    private static Task SettleAsync(ResourceApp app) =>
        Task.WhenAll(app.KeysOf(First).Renewal ?? Task.CompletedTask, app.KeysOf(Second).Renewal ?? Task.CompletedTask);

    private async Task<ResourceApp> StartAsync(bool isCacheShared, Action<WebApplication>? map = null)
    {
        var app = await StartSchemesAsync(isCacheShared, map);
        await SettleAsync(app);
        return app;
    }

    private Task<ResourceApp> StartSchemesAsync(bool isCacheShared, Action<WebApplication>? map) => ResourceApp.StartAsync(
        _first.Time,
        services =>
        {
            if (isCacheShared)
            {
                services.AddSingleton(new VerifiedTokenCache());
            }

            services.AddCountersignBearer(First, options => options.Authority = _first.Issuer);
            services.AddCountersignBearer(Second, options => options.Authority = _second.Issuer);
        },
        map: app =>
        {
            app.MapGet("/first", () => "in").RequireAuthorization(Policy(First));
            app.MapGet("/second", () => "in").RequireAuthorization(Policy(Second));
            app.MapGet("/both", () => "in").RequireAuthorization(Policy(First, Second));
            map?.Invoke(app);
        });

    private sealed class RoleOnRequest : IClaimsTransformation
    {
        public bool Adds { get; set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            if (Adds)
            {
                var identity = (ClaimsIdentity)principal.Identity!;
                identity.AddClaim(new Claim(identity.RoleClaimType, "admin"));
            }

            return Task.FromResult(principal);
        }
    }
}
