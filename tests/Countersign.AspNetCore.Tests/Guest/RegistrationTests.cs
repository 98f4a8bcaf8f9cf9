using Countersign.Sessions;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>Whether there is a sign-up, and who may use it, is the app's decision.</summary>
public sealed class RegistrationTests
{
    private const string Register = "/api/v1/auth/register";
    private static readonly string[] Staff = ["staff"];

    [Fact]
    public async Task Register_AppSaysNothing_IsNotMapped()
    {
        await using var app = await GuestApp.StartAsync();
        await app.CreateAsync("ann", "ann@example.com");

        Assert.Equal(404, (await app.RegisterAsync("new@example.com")).Status);
        Assert.DoesNotContain(Routes(app), static route => route.EndsWith("/register", StringComparison.Ordinal));
        Assert.Equal(200, (await app.LoginAsync("ann")).Status);
    }

    [Theory]
    [InlineData("Open", 201)]
    [InlineData("open", 201)]
    [InlineData("Closed", 404)]
    public async Task Register_Configured_IsThereOrNot(string value, int status)
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup { Settings = Registration(value) });

        Assert.Equal(status, (await app.RegisterAsync("new@example.com")).Status);
    }

    [Theory]
    [InlineData("InviteOnly")]
    [InlineData("7")]
    [InlineData("-1")]
    public async Task Registration_NotOneOfTheWords_StopsTheStart(string value)
    {
        var fault = await Assert.ThrowsAnyAsync<Exception>(() => GuestApp.StartAsync(new GuestSetup { Settings = Registration(value) }));

        Assert.Contains("Auth:Registration", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_OpenUnderAFallbackPolicy_IsReachableAsLoginAndRefreshAre()
    {
        await using var app = await GuestApp.StartAsync(Open(
            services: static services => services
                .AddAuthorizationBuilder()
                .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build()),
            mapApp: static web => web.MapGet("/own", static () => "own")));

        Assert.Equal(201, (await app.RegisterAsync("new@example.com")).Status);
        var login = await app.LoginAsync("new@example.com");
        Assert.Equal(200, login.Status);
        var refresh = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = login.Json.GetProperty("refresh_token").GetString() });
        Assert.Equal(200, refresh.Status);
        Assert.Equal(401, (await app.SendAsync("GET", "/own")).Status);
    }

    /// <summary>Each way in which an app can ask for a role around our routes.</summary>
    [Theory]
    [InlineData("auth")]
    [InlineData("all")]
    [InlineData("requirement")]
    public async Task Register_GroupRequiresARole_IsForThoseWhoHaveIt(string way)
    {
        await using var app = await GuestApp.StartAsync(Open(map: web => Map(web, way)));
        await app.CreateAsync("ann", "ann@example.com");
        await app.CreateAsync("eve", "eve@example.com");
        await app.WithIdentityAsync(async (manager, _) =>
        {
            await using var scope = app.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>().CreateAsync(new IdentityRole("staff"));
            return await manager.AddToRolesAsync((await manager.FindByNameAsync("ann"))!, Staff);
        });
        object body = new { email = "new@example.com", password = GuestApp.Password };

        Assert.Equal(401, (await app.SendAsync("POST", Register, body)).Status);
        Assert.Equal(403, (await app.SendAsync("POST", Register, body, await TokenAsync(app, "eve"))).Status);
        Assert.Equal(0, await CountAsync(app));
        Assert.Equal(201, (await app.SendAsync("POST", Register, body, await TokenAsync(app, "ann"))).Status);
        Assert.Equal(1, await CountAsync(app));
    }

    /// <summary>A request whose body says no content type reaches the twin of the route, which must be as closed.</summary>
    [Fact]
    public async Task Register_GroupRequiresARole_HoldsForEveryContentType()
    {
        await using var app = await GuestApp.StartAsync(Open(map: static web => web.MapCountersignAuth().RequireAuthorization()));

        using var content = new StringContent("email=new@example.com", System.Text.Encoding.UTF8, "text/plain");
        using var answer = await app.Client.PostAsync(new Uri(Register, UriKind.Relative), content);

        Assert.Equal(401, (int)answer.StatusCode);
    }

    private static void Map(WebApplication web, string way)
    {
        switch (way)
        {
            case "auth":
                web.MapCountersignAuth().RequireAuthorization(static policy => policy.RequireRole("staff"));
                break;
            case "all":
                web.MapGroup(string.Empty).RequireAuthorization(new AuthorizeAttribute { Roles = "staff" }).MapCountersign();
                break;
            default:
                web.MapCountersignAuth().WithMetadata(new StaffAttribute());
                break;
        }
    }

    private static GuestSetup Open(
        Action<IServiceCollection>? services = null, Action<WebApplication>? map = null, Action<WebApplication>? mapApp = null) => new()
        {
            Countersign = static options => options.Registration = AspNetCore.Registration.Open,
            Services = services,
            Map = map,
            MapApp = mapApp,
        };

    private static Dictionary<string, string?> Registration(string value) => new(StringComparer.Ordinal) { ["Auth:Registration"] = value };

    /// <summary>A token without the login route, which is as closed.</summary>
    private static async Task<string> TokenAsync(GuestApp app, string name)
    {
        var userId = await app.WithUserAsync(name, static (_, user) => Task.FromResult(user.Id));
        var started = await app.Services.GetRequiredService<SessionService>().StartAsync(userId, new SignInContext());
        Assert.True(started.TryGetTokens(out var tokens, out _));
        return tokens.AccessToken;
    }

    private static Task<int> CountAsync(GuestApp app) =>
        app.WithContextAsync(static context => Task.FromResult(context.Users.Count(static user => user.Email == "new@example.com")));

    private static IEnumerable<string> Routes(GuestApp app) =>
        app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Select(static route => route.RoutePattern.RawText!);

    [AttributeUsage(AttributeTargets.Class)]
    private sealed class StaffAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() =>
            [new Microsoft.AspNetCore.Authorization.Infrastructure.RolesAuthorizationRequirement(Staff)];
    }
}
