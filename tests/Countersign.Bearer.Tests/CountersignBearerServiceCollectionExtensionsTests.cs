using System.Buffers.Text;
using System.Security.Claims;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Bearer.Tests;

public sealed class CountersignBearerServiceCollectionExtensionsTests
{
    private const string Other = "Other";

    [Fact]
    public async Task AddCountersignBearer_AppAlone_RegistersNoDataProtection()
    {
        await using var server = new ResourceServer();

        Assert.Null(server.Services.GetService(typeof(Microsoft.AspNetCore.DataProtection.IDataProtectionProvider)));
    }

    [Fact]
    public async Task AddCountersignBearer_NoOtherScheme_IsTheDefault() =>
        Assert.Equal(CountersignBearerDefaults.AuthenticationScheme, await DefaultAsync(static _ => { }));

    [Fact]
    public async Task AddCountersignBearer_NamedDefault_StaysAside() =>
        Assert.Equal(Other, await DefaultAsync(static services =>
            services.AddAuthentication(Other).AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null)));

    [Fact]
    public async Task AddCountersignBearer_OnlyOtherScheme_BothAreTheDefault()
    {
        await using var server = await StartAsync(AddOther);

        Assert.Contains("someone else", (await server.GetAsync("/default")).Body, StringComparison.Ordinal);
        Assert.Contains("7", (await server.GetAsync("/default", $"Authorization: Bearer {server.AccessToken()}")).Body, StringComparison.Ordinal);
    }

    /// <summary>The app has chosen for one verb; the others are what they were before, that is the only scheme.</summary>
    [Fact]
    public async Task AddCountersignBearer_DefaultForChallengesAlone_StillAuthenticatesWithTheOnlyScheme()
    {
        await using var server = await StartAsync(static services => services
            .AddAuthentication(options => options.DefaultChallengeScheme = Other).AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null));

        Assert.Contains("someone else", (await server.GetAsync("/default")).Body, StringComparison.Ordinal);
    }

    /// <summary>The other scheme may read JWTs too: that of another issuer is not ours to refuse.</summary>
    [Theory]
    [InlineData(ResourceServer.Issuer, 401)]
    [InlineData("https://another.example", 200)]
    [InlineData(null, 401)]
    public async Task Default_UnverifiedIssuer_DecidesWhichSchemeChecks(string? issuer, int status)
    {
        await using var server = await StartAsync(AddOther);
        var payload = Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(issuer is null ? new { sub = "1" } : (object)new { iss = issuer }));

        Assert.Equal(status, (await server.GetAsync("/default", $"Authorization: Bearer eyJhbGciOiJub25lIn0.{payload}.c2ln")).Status);
    }

    [Fact]
    public async Task Default_TokenTooLongToRead_IsRefusedByOurs()
    {
        await using var server = await StartAsync(AddOther);

        var answer = await server.GetAsync("/default", $"Authorization: Bearer eyJ{new string('a', 9000)}");

        Assert.Equal(401, answer.Status);
        Assert.Contains("token_too_long", answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AddCountersignBearer_ResultHandlerOfTheApp_Stays()
    {
        await using var own = new ResourceServer(
            static services => services.AddSingleton<IAuthorizationMiddlewareResultHandler, OwnResults>(), static _ => { });
        await using var stock = new ResourceServer(static services => services.AddAuthorization(), static _ => { });

        Assert.IsType<OwnResults>(own.Services.GetRequiredService<IAuthorizationMiddlewareResultHandler>());
        Assert.IsType<BearerResultHandler>(stock.Services.GetRequiredService<IAuthorizationMiddlewareResultHandler>());
    }

    [Fact]
    public async Task AddCountersignBearer_Twice_IsOnce() =>
        Assert.Equal(CountersignBearerDefaults.AuthenticationScheme, await DefaultAsync(static services => services.AddLocalCountersignBearer()));

    [Fact]
    public async Task Request_OtherDefaultScheme_BothDoTheirWork()
    {
        await using var server = new ResourceServer(
            static services => services.AddAuthentication(Other).AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null),
            static app => app.MapGet("/other", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization());
        await server.InitializeAsync();

        Assert.Contains("someone else", (await server.GetAsync("/other")).Body, StringComparison.Ordinal);
        Assert.Equal(401, (await server.GetAsync("/protected")).Status);
        Assert.Equal(200, (await server.GetAsync("/protected", $"Authorization: Bearer {server.AccessToken()}")).Status);
    }

    /// <summary>An app may have everything in its configuration, and may begin with <c>AddAuthentication</c>.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AddCountersignBearer_AuthorityInTheConfiguration_IsRead(bool onBuilder)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration["Authentication:Schemes:Countersign:Authority"] = "https://auth.example.com";
        if (onBuilder)
        {
            builder.Services.AddAuthentication().AddCountersignBearer();
        }
        else
        {
            builder.Services.AddCountersignBearer();
        }

        using var app = builder.Build();
        var options = app.Services.GetRequiredService<IOptionsMonitor<CountersignBearerOptions>>().Get(CountersignBearerDefaults.AuthenticationScheme);

        Assert.Equal("https://auth.example.com", options.Authority);
    }

    private static void AddOther(IServiceCollection services) =>
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null);

    private static async Task<ResourceServer> StartAsync(Action<IServiceCollection> before)
    {
        var server = new ResourceServer(
            before, static app => app.MapGet("/default", (HttpContext context) => context.User.Identity!.Name).RequireAuthorization());
        await server.InitializeAsync();
        return server;
    }

    private static async Task<string?> DefaultAsync(Action<IServiceCollection> before)
    {
        await using var server = new ResourceServer(before, static _ => { });
        return (await server.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetDefaultAuthenticateSchemeAsync())?.Name;
    }

    private sealed class OwnResults : IAuthorizationMiddlewareResultHandler
    {
        public Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult) =>
            next(context);
    }

    private sealed class OtherHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "someone else")], Other)), Other)));
    }
}
