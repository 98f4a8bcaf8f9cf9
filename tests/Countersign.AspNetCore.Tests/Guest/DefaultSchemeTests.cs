using System.Security.Claims;
using Countersign.AspNetCore.Tests.Endpoints;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary><c>[Authorize]</c> on the app's own routes, beside each set of schemes that an app may have.</summary>
public sealed class DefaultSchemeTests
{
    private const int DefaultSchemeOfOthers = 2101;
    private const int DefaultPolicyOfOthers = 2102;
    private const string One = "ext";

    /// <summary>What an app has besides Countersign, and what a request without any credential gets.</summary>
    public static TheoryData<string, int> Unchosen => new()
    {
        { "none", 401 },
        { "one", 302 },
        { "several", 401 },
    };

    [Theory]
    [MemberData(nameof(Unchosen))]
    public async Task Authorize_AppHasChosenNoDefault_AcceptsOurTokens(string others, int anonymous)
    {
        await using var app = await GuestApp.StartAsync(Setup(services => Add(services, others)));
        var token = await TokenAsync(app);

        Assert.Equal(("ann", 200), await AskAsync(app, token));
        Assert.Equal("token_segments_malformed", (await app.SendAsync("GET", "/own", bearer: "eyJ")).Code);
        Assert.Equal(403, (await app.SendAsync("GET", "/staff", bearer: token)).Status);
        Assert.Equal(anonymous, (await WithoutRedirectAsync(app, "/own")).Status);
        Assert.False(app.Log.Has(DefaultSchemeOfOthers));
    }

    /// <summary>Since .NET 7 an only scheme is the default. Apps rely on it without a word.</summary>
    [Fact]
    public async Task Authorize_OnlySchemeIsACookie_IsTheDefaultAsBefore()
    {
        var (without, with) = await GuestApp.MeasureAsync(MeasureCookieAsync, Setup(static services => Add(services, "one")));

        Assert.Equal(without, with);
        Assert.Equal((302, "/Account/Login", 200, "cookie", 302), with);
    }

    [Fact]
    public async Task Authorize_AppHasChosenAnother_ItStaysAndTheStartSaysSo()
    {
        await using var app = await GuestApp.StartAsync(Setup(static services => services.AddAuthentication(One).AddCookie(One)));

        Assert.Equal(302, (await WithoutRedirectAsync(app, "/own", await TokenAsync(app))).Status);
        Assert.Contains("UseAsDefaultScheme()", app.Log.Lines.Single(static line => line.Event == DefaultSchemeOfOthers).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorize_DefaultPolicyNamesOthersAlone_StartSaysSo()
    {
        await using var app = await GuestApp.StartAsync(Setup(static services =>
        {
            Add(services, "one");
            services.AddAuthorizationBuilder().SetDefaultPolicy(new AuthorizationPolicyBuilder(One).RequireAuthenticatedUser().Build());
        }));

        Assert.True(app.Log.Has(DefaultPolicyOfOthers));
    }

    [Fact]
    public async Task UseAsDefaultScheme_BesideACookie_BothAreAccepted()
    {
        static void AddChosen(IServiceCollection services) => services.AddAuthentication(One).AddCookie(One);
        var (without, with) = await GuestApp.MeasureAsync(MeasureCookieAsync, Setup(AddChosen, static options => options.UseAsDefaultScheme()));
        Assert.Equal(without, with);

        await using var app = await GuestApp.StartAsync(Setup(AddChosen, static options => options.UseAsDefaultScheme()));
        var token = await TokenAsync(app);
        Assert.Equal(("ann", 200), await AskAsync(app, token));
        Assert.Equal((403, "forbidden"), await CodeAsync(app, "/staff", token));
        Assert.Equal((401, "token_signature_invalid"), await CodeAsync(app, "/own", token[..^8] + "AAAAAAAA"));
        Assert.False(app.Log.Has(DefaultSchemeOfOthers));
    }

    /// <summary>Identity's own endpoints make a scheme of two the default: opaque bearer tokens and the application's cookie.</summary>
    [Theory]
    [InlineData(false, 401)]
    [InlineData(true, 200)]
    public async Task UseAsDefaultScheme_BesideIdentitysEndpoints_AllThreeAreAccepted(bool isAsked, int ours)
    {
        await using var app = await GuestApp.StartAsync(Setup(
            static services => services.AddIdentityApiEndpoints<GuestUser>().AddEntityFrameworkStores<GuestContext>(),
            options =>
            {
                if (isAsked)
                {
                    options.UseAsDefaultScheme();
                }
            },
            static web => web.MapGroup("/identity").MapIdentityApi<GuestUser>()));
        var token = await TokenAsync(app);
        var credentials = new { email = "ann@example.com", password = GuestApp.Password };
        var opaque = (await app.SendAsync("POST", "/identity/login", credentials)).Json.GetProperty("accessToken").GetString();
        var cookie = (await app.SendAsync("POST", "/identity/login?useCookies=true", credentials)).Header("Set-Cookie").Split(';')[0];

        Assert.Equal(ours, (await WithoutRedirectAsync(app, "/own", token)).Status);
        Assert.Equal(ours, (await WithoutRedirectAsync(app, "/identity/manage/info", token)).Status);
        Assert.Equal(200, (await WithoutRedirectAsync(app, "/own", opaque)).Status);
        Assert.Equal(200, (await WithoutRedirectAsync(app, "/own", headers: ("Cookie", cookie))).Status);
        Assert.Equal(401, (await WithoutRedirectAsync(app, "/own")).Status);
        Assert.Equal(401, (await WithoutRedirectAsync(app, "/own", opaque + "x")).Status);
        Assert.Equal(!isAsked, app.Log.Has(DefaultSchemeOfOthers));
    }

    [Fact]
    public async Task UseAsDefaultScheme_ForTwoSchemes_StopsTheStart()
    {
        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => GuestApp.StartAsync(Setup(
            static services => services.AddCountersignBearer("Partner", static options =>
            {
                options.Authority = "https://partner.example.com";
                options.UseAsDefaultScheme();
            }),
            static options => options.UseAsDefaultScheme())));

        Assert.Contains("Partner, Countersign", fault.Message, StringComparison.Ordinal);
    }

    private static void Add(IServiceCollection services, string others)
    {
        var authentication = services.AddAuthentication();
        if (others is "one" or "several")
        {
            authentication.AddCookie(One);
        }

        if (others is "several")
        {
            authentication.AddCookie("more");
        }
    }

    private static GuestSetup Setup(
        Action<IServiceCollection> services, Action<CountersignOptions>? countersign = null, Action<WebApplication>? map = null) => new()
        {
            Services = services,
            Countersign = countersign,
            MapApp = web =>
            {
                web.MapGet("/own", static (HttpContext context) => context.User.FindFirstValue("sub") is null ? context.User.Identity!.Name : "ann")
                    .RequireAuthorization();
                web.MapGet("/staff", static () => "in").RequireAuthorization(static policy => policy.RequireRole("staff"));
                web.MapGet("/cookie", static (HttpContext context) => context.SignInAsync(
                    new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "cookie")], "cookie"))));
                map?.Invoke(web);
            },
        };

    private static async Task<(int Anonymous, string Where, int LoggedIn, string Name, int Forbidden)> MeasureCookieAsync(GuestApp app)
    {
        var anonymous = await WithoutRedirectAsync(app, "/own");
        var cookie = (await app.SendAsync("GET", "/cookie")).Header("Set-Cookie").Split(';')[0];
        var own = await app.SendAsync("GET", "/own", headers: ("Cookie", cookie));
        var staff = await WithoutRedirectAsync(app, "/staff", headers: ("Cookie", cookie));
        return (anonymous.Status, new Uri(anonymous.Header("Location")).AbsolutePath, own.Status, own.Text, staff.Status);
    }

    private static async Task<string> TokenAsync(GuestApp app)
    {
        const string email = "ann@example.com";
        await app.CreateAsync(email, email);
        return (await app.LoginAsync(email)).Json.GetProperty("access_token").GetString()!;
    }

    private static async Task<(string Name, int Status)> AskAsync(GuestApp app, string token)
    {
        var reply = await app.SendAsync("GET", "/own", bearer: token);
        return (reply.Text, reply.Status);
    }

    private static async Task<(int Status, string? Code)> CodeAsync(GuestApp app, string path, string token)
    {
        var reply = await app.SendAsync("GET", path, bearer: token);
        return (reply.Status, reply.Code);
    }

    private static async Task<Reply> WithoutRedirectAsync(GuestApp app, string path, string? bearer = null, params (string Name, string Value)[] headers)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = app.Client.BaseAddress };
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var (name, value) in bearer is null ? headers : [.. headers, ("Authorization", "Bearer " + bearer)])
        {
            request.Headers.Add(name, value);
        }

        using var response = await client.SendAsync(request);
        return new Reply(response, await response.Content.ReadAsStringAsync());
    }
}
