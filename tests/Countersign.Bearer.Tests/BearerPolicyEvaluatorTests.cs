using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.Bearer.Tests;

/// <summary>A policy that names the default scheme: one authentication a request, and the answers of two.</summary>
public sealed class BearerPolicyEvaluatorTests
{
    /// <summary>Each authentication that succeeds gives the handler's own principal to the app's transformation again.</summary>
    [Fact]
    public async Task Request_SchemeIsTheDefault_IsAuthenticatedOnce()
    {
        var count = new CountingTransformation();
        await using var server = await StartAsync(services => services.AddSingleton<IClaimsTransformation>(count));

        var answer = await server.GetAsync("/protected", Bearer(server));

        Assert.Equal((200, 1), (answer.Status, count.Calls));
    }

    [Fact]
    public async Task Request_NoGoodToken_IsRefusedAsEver()
    {
        await using var server = await StartAsync();

        Assert.Equal(401, (await server.GetAsync("/protected")).Status);
        Assert.Equal(401, (await server.GetAsync("/protected", "Authorization: Bearer nonsense")).Status);
        Assert.Equal(403, (await server.GetAsync("/admin", Bearer(server))).Status);
        Assert.Equal(200, (await server.GetAsync("/admin", $"Authorization: Bearer {server.AccessToken(roles: ["admin"])}")).Status);
    }

    /// <summary>What the app has put in the place of the token's user does not reach an endpoint that names the scheme.</summary>
    [Theory]
    [InlineData("/user")]
    [InlineData("/features")]
    public async Task Request_UserReplacedOnTheWay_IsAuthenticatedAnew(string how)
    {
        await using var server = await StartAsync(map: app =>
        {
            app.UseAuthentication();
            app.Use((context, next) =>
            {
                if (context.Request.Query.ContainsKey("user"))
                {
                    context.User = Admin();
                }
                else if (context.Features.Get<IAuthenticateResultFeature>() is { } feature)
                {
                    var ticket = new AuthenticationTicket(Admin(), CountersignBearerDefaults.AuthenticationScheme);
                    context.Features.Set<IAuthenticateResultFeature>(new ForgedResult { AuthenticateResult = AuthenticateResult.Success(ticket) });
                }

                return next(context);
            });
            app.UseAuthorization();
        });

        var target = "/admin?" + how[1..];

        Assert.Equal(403, (await server.GetAsync(target, Bearer(server))).Status);
        Assert.Equal(401, (await server.GetAsync(target)).Status);
    }

    [Fact]
    public async Task AddCountersignBearer_EvaluatorOfTheApp_Stays()
    {
        await using var before = new ResourceServer(static services => services.AddTransient<IPolicyEvaluator, OwnEvaluator>(), static _ => { });
        await using var stock = new ResourceServer(static services => services.AddAuthorization(), static _ => { });

        Assert.IsType<OwnEvaluator>(before.Services.GetRequiredService<IPolicyEvaluator>());
        Assert.IsType<BearerPolicyEvaluator>(stock.Services.GetRequiredService<IPolicyEvaluator>());
    }

    private static string Bearer(ResourceServer server) => $"Authorization: Bearer {server.AccessToken()}";

    private static ClaimsPrincipal Admin() => new(new ClaimsIdentity([new Claim("roles", "admin")], "app", "sub", "roles"));

    private static async Task<ResourceServer> StartAsync(Action<IServiceCollection>? before = null, Action<WebApplication>? map = null)
    {
        var server = new ResourceServer(before ?? (static _ => { }), map ?? (static _ => { }));
        await server.InitializeAsync();
        return server;
    }

    private sealed class CountingTransformation : IClaimsTransformation
    {
        public int Calls { get; private set; }

        public Task<ClaimsPrincipal> TransformAsync(ClaimsPrincipal principal)
        {
            Calls++;
            return Task.FromResult(new ClaimsPrincipal(principal.Identities));
        }
    }

    private sealed class ForgedResult : IAuthenticateResultFeature
    {
        public AuthenticateResult? AuthenticateResult { get; set; }
    }

    private sealed class OwnEvaluator(IAuthorizationService authorization) : PolicyEvaluator(authorization);
}
