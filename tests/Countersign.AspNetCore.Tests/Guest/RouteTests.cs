using System.Text.Json;
using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>Which of Countersign's routes are there, where, and under which conditions, is the app's decision.</summary>
public sealed class RouteTests
{
    private const string Login = "/api/v1/auth/login";

    /// <summary>Every route's method and usual pattern.</summary>
    private static readonly Dictionary<CountersignRoute, string> Usual = new()
    {
        [CountersignRoute.Register] = "POST /api/v1/auth/register",
        [CountersignRoute.LogIn] = "POST /api/v1/auth/login",
        [CountersignRoute.Refresh] = "POST /api/v1/auth/refresh",
        [CountersignRoute.ExchangeToken] = "POST /api/v1/auth/token",
        [CountersignRoute.ChangePassword] = "POST /api/v1/auth/change-password",
        [CountersignRoute.ForgotPassword] = "POST /api/v1/auth/forgot-password",
        [CountersignRoute.ResetPassword] = "POST /api/v1/auth/reset-password",
        [CountersignRoute.ResendConfirmation] = "POST /api/v1/auth/resend-confirmation",
        [CountersignRoute.ConfirmEmail] = "POST /api/v1/auth/confirm-email",
        [CountersignRoute.LogOut] = "POST /api/v1/auth/logout",
        [CountersignRoute.LogOutEverywhere] = "POST /api/v1/auth/logout-all",
        [CountersignRoute.ListSessions] = "GET /api/v1/auth/sessions",
        [CountersignRoute.EndOtherSessions] = "DELETE /api/v1/auth/sessions",
        [CountersignRoute.EndSession] = "DELETE /api/v1/auth/sessions/{id}",
        [CountersignRoute.Introspect] = "POST /api/v1/auth/introspect",
        [CountersignRoute.Revoke] = "POST /api/v1/auth/revoke",
        [CountersignRoute.GetAccount] = "GET /api/v1/users/me",
        [CountersignRoute.UpdateAccount] = "PATCH /api/v1/users/me",
        [CountersignRoute.DeleteAccount] = "DELETE /api/v1/users/me",
        [CountersignRoute.GetKeys] = "GET /.well-known/jwks.json",
        [CountersignRoute.GetOpenIdMetadata] = "GET /.well-known/openid-configuration",
        [CountersignRoute.GetOAuthMetadata] = "GET /.well-known/oauth-authorization-server",
    };

    public static TheoryData<CountersignRoute> All => [.. Enum.GetValues<CountersignRoute>()];

    [Fact]
    public async Task MapCountersign_AppSaysNothing_MapsEveryRoute()
    {
        await using var app = await GuestApp.StartAsync(new Mail.Postbox().Setup());

        Assert.Equal(Usual.Values.Order(StringComparer.Ordinal), RoutesOf(app));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Routes_OneIsLeftOutByItsSetting_ThatOneIsMissing(CountersignRoute route)
    {
        await using var app = await GuestApp.StartAsync(new Mail.Postbox().Setup(
            settings: new Dictionary<string, string?>(StringComparer.Ordinal) { [$"Auth:Routes:{route}"] = "false" }));

        Assert.Equal(Usual.Where(one => one.Key != route).Select(static one => one.Value).Order(StringComparer.Ordinal), RoutesOf(app));
    }

    [Fact]
    public async Task Routes_LeftOutInCode_Answers404AndTheOthersStay()
    {
        await using var app = await GuestApp.StartAsync(Open(static options => options.Routes.ChangePassword = false));
        Assert.Equal(201, (await app.RegisterAsync("ann@example.com")).Status);
        var login = await app.LoginAsync("ann@example.com");

        Assert.Equal(200, login.Status);
        var bearer = login.Json.GetProperty("access_token").GetString();
        var change = new { current_password = GuestApp.Password, new_password = "Another quiet harbour, 8" };
        Assert.Equal(404, (await app.SendAsync("POST", "/api/v1/auth/change-password", change, bearer)).Status);
        Assert.Equal(200, (await app.SendAsync("GET", "/api/v1/users/me", bearer: bearer)).Status);
    }

    [Fact]
    public async Task Routes_UnknownName_StopsTheStart()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal) { ["Auth:Routes:Login2"] = "false" };

        var fault = await Assert.ThrowsAnyAsync<Exception>(() => GuestApp.StartAsync(Open(settings: settings)));

        Assert.Contains("Auth:Routes:LogIn", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task MapCountersignRoute_EachAlone_IsThatRoute(CountersignRoute route)
    {
        await using var app = await GuestApp.StartAsync(new Mail.Postbox().Setup(map: web => web.MapCountersignRoute(route)));

        Assert.Equal([Usual[route]], RoutesOf(app));
    }

    [Fact]
    public async Task MapCountersignRoute_AnotherPattern_AnswersThereAndNowhereElse()
    {
        await using var app = await GuestApp.StartAsync(Open(
            static options => (options.Routes.LogIn, options.Routes.EndSession) = (false, false),
            static web =>
            {
                web.MapCountersign();
                web.MapCountersignRoute(CountersignRoute.LogIn, "/sign-in");
                web.MapGroup("/me").MapCountersignRoute(CountersignRoute.EndSession, "/devices/{id}");
            }));
        await app.CreateAsync("ann", "ann@example.com");
        var credentials = new { username = "ann", password = GuestApp.Password };

        Assert.Equal(404, (await app.SendAsync("POST", Login, credentials)).Status);
        var login = await app.SendAsync("POST", "/sign-in", credentials);
        Assert.Equal(200, login.Status);
        var bearer = login.Json.GetProperty("access_token").GetString()!;
        var id = (await app.SendAsync("GET", "/api/v1/auth/sessions", bearer: bearer)).Json.GetProperty("sessions")[0].GetProperty("id").GetString();
        Assert.Equal(404, (await app.SendAsync("DELETE", $"/api/v1/auth/sessions/{id}", bearer: bearer)).Status);
        Assert.Equal(204, (await app.SendAsync("DELETE", $"/me/devices/{id}", bearer: bearer)).Status);
        Assert.Equal(401, (await app.SendAsync("GET", "/api/v1/users/me", bearer: bearer)).Status);
    }

    [Fact]
    public async Task MapCountersignRoute_AnotherPattern_KeepsTheGuardsOfTheGroup()
    {
        await using var app = await GuestApp.StartAsync(Open(map: static web => web.MapCountersignRoute(CountersignRoute.LogIn, "/sign-in")));

        var reply = await app.SendAsync("POST", "/sign-in?password=x", new { username = "ann", password = GuestApp.Password });

        Assert.Equal("credential_in_query", reply.Code);
    }

    [Fact]
    public async Task MapCountersignRoute_SignUpWhileClosed_IsNotMapped()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup { Map = static web => web.MapCountersignRoute(CountersignRoute.Register, "/join") });

        Assert.Empty(RoutesOf(app));
    }

    [Fact]
    public async Task MapCountersignRoute_PatternWithoutTheParameter_IsRefused()
    {
        var fault = await Assert.ThrowsAsync<ArgumentException>(() => GuestApp.StartAsync(Open(
            map: static web => web.MapCountersignRoute(CountersignRoute.EndSession, "/devices"))));

        Assert.Contains("{id}", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task GetOAuthMetadata_RoutesAreRenamedAndLeftOut_NamesWhatIsMapped()
    {
        await using var app = await GuestApp.StartAsync(Open(
            static options =>
            {
                options.Routes.ExchangeToken = options.Routes.Introspect = options.Routes.GetKeys = false;
                options.Routes.Revoke = false;
            },
            static web =>
            {
                web.MapCountersign();
                web.MapCountersignRoute(CountersignRoute.GetKeys, "/keys.json");
                web.MapGroup("/oauth").MapCountersignRoute(CountersignRoute.Revoke, "/revocation");
            }));

        var metadata = (await app.SendAsync("GET", "/.well-known/oauth-authorization-server")).Json;

        Assert.Equal("https://auth.example.com/keys.json", metadata.GetProperty("jwks_uri").GetString());
        Assert.Equal(200, (await app.SendAsync("GET", "/keys.json")).Status);
        Assert.Equal("https://auth.example.com/oauth/revocation", metadata.GetProperty("revocation_endpoint").GetString());
        Assert.Empty(metadata.GetProperty("grant_types_supported").EnumerateArray());
        Assert.All(
            ["token_endpoint", "token_endpoint_auth_methods_supported", "introspection_endpoint", "introspection_endpoint_auth_methods_supported"],
            name => Assert.False(metadata.TryGetProperty(name, out _), name));
    }

    [Fact]
    public async Task OpenApi_RoutesAreRenamedAndLeftOut_DescribesWhatIsMapped()
    {
        await using var app = await GuestApp.StartAsync(Open(
            static options => (options.Routes.LogIn, options.Routes.ChangePassword) = (false, false),
            static web =>
            {
                web.MapCountersign();
                web.MapCountersignRoute(CountersignRoute.LogIn, "/sign-in");
                web.MapOpenApi();
            },
            static services => services.AddOpenApi()));

        var paths = (await app.SendAsync("GET", "/openapi/v1.json")).Json.GetProperty("paths");

        Assert.True(paths.TryGetProperty("/sign-in", out _));
        Assert.True(paths.TryGetProperty("/api/v1/auth/refresh", out _));
        Assert.False(paths.TryGetProperty(Login, out _));
        Assert.False(paths.TryGetProperty("/api/v1/auth/change-password", out _));
        var tokenUrl = app.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(static route => route.Metadata.GetMetadata<PasswordFlowMetadata>() is not null)
            .Select(static route => route.RoutePattern.RawText)
            .Distinct(StringComparer.Ordinal);
        Assert.Equal(["/sign-in"], tokenUrl);
    }

    [Fact]
    public async Task ForRoute_AConvention_IsOfThatRouteAlone()
    {
        await using var app = await GuestApp.StartAsync(Open(map: static web =>
        {
            var routes = web.MapCountersign();
            routes.ForRoute(CountersignRoute.LogIn).WithMetadata(new Seen("login"));
            routes.WithMetadata(new Seen("all"));
        }));

        foreach (var route in Marked(app))
        {
            var seen = route.Metadata.GetOrderedMetadata<Seen>().Select(static one => one.Where).Order(StringComparer.Ordinal);
            string[] expected = route.Metadata.GetMetadata<MappedRoute>()!.Route is CountersignRoute.LogIn ? ["all", "login"] : ["all"];
            Assert.Equal(expected, seen);
        }

        // Both endpoints of the login: the one with content types, and the one without.
        Assert.Equal(2, Marked(app).Count(static route => route.Metadata.GetOrderedMetadata<Seen>().Count == 2));
    }

    [Fact]
    public async Task ForRoute_RouteThatIsNotMapped_DoesNothing()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Map = static web => web.MapCountersign().ForRoute(CountersignRoute.Register).RequireAuthorization(),
        });

        Assert.Equal(404, (await app.RegisterAsync("new@example.com")).Status);
    }

    [Theory]
    [InlineData("route")]
    [InlineData("all")]
    [InlineData("group")]
    public async Task Login_AppRequiresAuthorization_IsEnforced(string way)
    {
        await using var app = await GuestApp.StartAsync(Open(
            map: web => _ = way switch
            {
                "route" => web.MapCountersign().ForRoute(CountersignRoute.LogIn).RequireAuthorization("never"),
                "all" => web.MapCountersign().RequireAuthorization("never"),
                _ => web.MapGroup(string.Empty).RequireAuthorization("never").MapCountersign(),
            },
            services: static services => services.AddAuthorizationBuilder().AddPolicy("never", static policy => policy.RequireAssertion(static _ => false))));
        await app.CreateAsync("ann", "ann@example.com");

        Assert.Equal(401, (await app.LoginAsync("ann")).Status);
        var refresh = await app.SendAsync("POST", "/api/v1/auth/refresh", new { refresh_token = "x" });
        Assert.Equal(way is "route" ? 400 : 401, refresh.Status);
        Assert.Equal(way is "route" ? 201 : 401, (await app.RegisterAsync("new@example.com")).Status);
        Assert.Equal(way is "route" ? 200 : 401, (await app.SendAsync("GET", "/.well-known/jwks.json")).Status);
    }

    [Fact]
    public async Task Login_AllRequireAuthorizationButItAllowsAnonymous_IsOpen()
    {
        await using var app = await GuestApp.StartAsync(Open(map: static web =>
        {
            var routes = web.MapCountersign();
            routes.RequireAuthorization();
            routes.ForRoute(CountersignRoute.LogIn).AllowAnonymous();
        }));
        await app.CreateAsync("ann", "ann@example.com");

        Assert.Equal(200, (await app.LoginAsync("ann")).Status);
        Assert.Equal(401, (await app.RegisterAsync("new@example.com")).Status);
    }

    [Theory]
    [InlineData("POST", "/api/v1/auth/login", "LogIn")]
    [InlineData("POST", "/API/V1/auth/LOGIN", "LogIn")]
    [InlineData("POST", "api/v1/auth/register", "Register")]
    [InlineData("DELETE", "/api/v1/auth/sessions/{session}", "EndSession")]
    [InlineData("*", "/api/v1/users/me", "GetAccount")]
    public async Task Start_RouteOfTheAppIsTheSame_SaysThatThereAreTwo(string method, string pattern, string name)
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(Open(mapApp: web => MapOwn(web, method, pattern))));

        Assert.Contains($"o.Routes.{name} = false", fault.Message, StringComparison.Ordinal);
        Assert.Contains(Usual[Enum.Parse<CountersignRoute>(name)], fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_OursIsLeftOut_TheAppsRouteAnswers()
    {
        await using var app = await GuestApp.StartAsync(Open(
            static options => options.Routes.LogIn = false, mapApp: static web => MapOwn(web, "POST", Login)));

        Assert.Equal("own", (await app.LoginAsync("ann")).Text);
    }

    /// <summary>Routes that routing tells apart, or that the app has put in an order, are none that stand twice.</summary>
    [Theory]
    [InlineData("GET", "/api/v1/auth/login")]
    [InlineData("POST", "/api/v1/auth/{action}")]
    [InlineData("DELETE", "/api/v1/auth/sessions/{id:int}")]
    [InlineData("*", "/{**path}")]
    public async Task Start_RouteOfTheAppIsAnother_Starts(string method, string pattern)
    {
        await using var app = await GuestApp.StartAsync(Open(mapApp: web => MapOwn(web, method, pattern)));
        await app.CreateAsync("ann", "ann@example.com");

        Assert.Equal(200, (await app.LoginAsync("ann")).Status);
    }

    [Fact]
    public async Task Start_AppsRouteHasAnOrder_AnswersAsTheAppSays()
    {
        await using var app = await GuestApp.StartAsync(Open(mapApp: static web => web.MapPost(Login, static () => "own").WithOrder(-1)));

        Assert.Equal("own", (await app.LoginAsync("ann")).Text);
    }

    [Fact]
    public async Task Start_OneIsMappedTwice_SaysSo()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(Open(map: static web =>
        {
            web.MapCountersign();
            web.MapCountersignRoute(CountersignRoute.Refresh);
        })));

        Assert.Contains("POST /api/v1/auth/refresh was mapped twice", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("/login", fault.Message, StringComparison.Ordinal);
    }

    private static GuestSetup Open(
        Action<CountersignOptions>? options = null,
        Action<WebApplication>? map = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? mapApp = null,
        IReadOnlyDictionary<string, string?>? settings = null) => new()
        {
            Countersign = own =>
            {
                own.Registration = Registration.Open;
                options?.Invoke(own);
            },
            Map = map,
            Services = services,
            MapApp = mapApp,
            Settings = settings ?? new Dictionary<string, string?>(StringComparer.Ordinal),
        };

    private static void MapOwn(WebApplication web, string method, string pattern)
    {
        if (method is "*")
        {
            web.Map(pattern, static () => "own");
        }
        else
        {
            web.MapMethods(pattern, [method], static () => "own");
        }
    }

    private static IEnumerable<RouteEndpoint> Marked(GuestApp app) => app.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>()
        .Where(static route => route.Metadata.GetMetadata<MappedRoute>() is not null);

    private static IEnumerable<string> RoutesOf(GuestApp app) => Marked(app)
        .Select(static route => $"{route.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]} /{route.RoutePattern.RawText!.TrimStart('/')}")
        .Distinct(StringComparer.Ordinal)
        .Order(StringComparer.Ordinal);

    private sealed record Seen(string Where);
}
