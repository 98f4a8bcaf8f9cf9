using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
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
    public async Task AddCountersignBearer_OnlyOtherScheme_StaysTheImpliedDefault() =>
        Assert.Equal(Other, await DefaultAsync(static services =>
            services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null)));

    [Fact]
    public async Task AddCountersignBearer_DefaultForChallengesAlone_IsNoDefault() =>
        Assert.Null(await DefaultAsync(static services => services
            .AddAuthentication(options => options.DefaultChallengeScheme = Other).AddScheme<AuthenticationSchemeOptions, OtherHandler>(Other, null)));

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

    private static async Task<string?> DefaultAsync(Action<IServiceCollection> before)
    {
        await using var server = new ResourceServer(before, static _ => { });
        return (await server.Services.GetRequiredService<IAuthenticationSchemeProvider>().GetDefaultAuthenticateSchemeAsync())?.Name;
    }

    private sealed class OtherHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory logger, UrlEncoder encoder)
        : AuthenticationHandler<AuthenticationSchemeOptions>(options, logger, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
                new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "someone else")], Other)), Other)));
    }
}
