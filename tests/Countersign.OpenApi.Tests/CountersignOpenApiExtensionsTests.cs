using System.Text.Json;
using Countersign.AspNetCore;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Infrastructure;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.OpenApi;

namespace Countersign.OpenApi.Tests;

public sealed class CountersignOpenApiExtensionsTests
{
    /// <summary>Both ways in which an app can ask for it.</summary>
    public static TheoryData<bool> Ways => [true, false];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AddCountersign_Document_HasTheSchemes(bool onDocument)
    {
        await using var app = await DocumentedApp.StartAsync(services => Add(services, onDocument), Map);

        var schemes = (await app.ReadDocumentAsync()).GetProperty("components").GetProperty("securitySchemes");

        Assert.Equal(["bearer", "clientBasic", "passwordFlow"], schemes.EnumerateObject().Select(static scheme => scheme.Name).Order(StringComparer.Ordinal));
        Assert.Equal(("http", "bearer"), (Text(schemes, "bearer", "type"), Text(schemes, "bearer", "scheme")));
        var flow = schemes.GetProperty("passwordFlow").GetProperty("flows").GetProperty("password");
        Assert.Equal("/api/v1/auth/login", flow.GetProperty("tokenUrl").GetString());
        Assert.Equal("/api/v1/auth/token", flow.GetProperty("refreshUrl").GetString());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task AddCountersign_Operations_SayWhatTheyRequire(bool onDocument)
    {
        await using var app = await DocumentedApp.StartAsync(services => Add(services, onDocument), Map);
        var document = await app.ReadDocumentAsync();

        const string Token = "passwordFlow | bearer";
        Assert.Equal("", Security(document, "/open", "get"));
        Assert.Equal(Token, Security(document, "/mine", "get"));
        Assert.Equal(Token, Security(document, "/authorized", "get"));
        Assert.Equal(Token, Security(document, "/requirement", "get"));
        Assert.Equal("", Security(document, "/cookie", "get"));
        Assert.Equal(Token, Security(document, "/both", "get"));
        Assert.Equal("", Security(document, "/anonymous", "get"));
        Assert.Equal(Token, Security(document, "/api/v1/users/me", "get"));
        Assert.Equal("", Security(document, "/api/v1/auth/login", "post"));
        Assert.Equal(Token + " | ", Security(document, "/api/v1/auth/logout", "post"));
        Assert.Equal("clientBasic", Security(document, "/api/v1/auth/introspect", "post"));
    }

    /// <summary>An app may add it to one document, and to all.</summary>
    [Fact]
    public async Task AddCountersign_Twice_IsTheSameAsOnce()
    {
        await using var app = await DocumentedApp.StartAsync(
            static services =>
            {
                Add(services, onDocument: true);
                services.AddCountersignOpenApi();
            },
            Map);

        Assert.Equal("passwordFlow | bearer", Security(await app.ReadDocumentAsync(), "/mine", "get"));
    }

    [Fact]
    public async Task AddCountersign_OperationIds_AreThoseOfOurRoutesAlone()
    {
        await using var app = await DocumentedApp.StartAsync(static services => Add(services, onDocument: true), Map);
        var paths = (await app.ReadDocumentAsync()).GetProperty("paths");

        Assert.All(
            paths.EnumerateObject()
                .Where(static path => path.Name.StartsWith("/api/v1", StringComparison.Ordinal))
                .SelectMany(static path => path.Value.EnumerateObject()),
            static operation => Assert.False(string.IsNullOrEmpty(operation.Value.GetProperty("operationId").GetString())));
        Assert.Equal("named", paths.GetProperty("/mine").GetProperty("get").GetProperty("operationId").GetString());
        Assert.False(paths.GetProperty("/open").GetProperty("get").TryGetProperty("operationId", out _));
    }

    [Fact]
    public async Task AddCountersign_FallbackPolicy_CountsWhereARouteHasNone()
    {
        await using var app = await DocumentedApp.StartAsync(
            static services =>
            {
                Add(services, onDocument: true);
                services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
            },
            static web =>
            {
                Map(web);
                web.MapOpenApi("/openapi-open/{documentName}.json").AllowAnonymous();
            });
        var document = await app.ReadDocumentAsync("/openapi-open/v1.json");

        Assert.Equal("passwordFlow | bearer", Security(document, "/open", "get"));
        Assert.Equal("", Security(document, "/anonymous", "get"));
        Assert.Equal("", Security(document, "/api/v1/auth/refresh", "post"));
    }

    [Fact]
    public async Task AddCountersign_BasePathAndSchemeOfTheApp_AreKept()
    {
        await using var app = await DocumentedApp.StartAsync(
            static services => services.AddOpenApi(static options => options
                .AddDocumentTransformer(static (document, _, _) =>
                {
                    (document.Components ??= new OpenApiComponents()).SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
                    {
                        ["bearer"] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "the app's" },
                    };
                    return Task.CompletedTask;
                })
                .AddCountersign()),
            static web =>
            {
                web.UsePathBase("/base");
                web.UseRouting();
                Map(web);
            });
        var schemes = (await app.ReadDocumentAsync("/base/openapi/v1.json")).GetProperty("components").GetProperty("securitySchemes");

        Assert.Equal("the app's", Text(schemes, "bearer", "description"));
        Assert.Equal(
            "/base/api/v1/auth/login", schemes.GetProperty("passwordFlow").GetProperty("flows").GetProperty("password").GetProperty("tokenUrl").GetString());
    }

    [Fact]
    public async Task AddCountersign_LoginIsNotMapped_HasNoPasswordFlow()
    {
        await using var app = await DocumentedApp.StartAsync(
            static services => Add(services, onDocument: true),
            static web => web.MapGet("/mine", static (CurrentUser user) => user.UserId));
        var document = await app.ReadDocumentAsync();

        Assert.Equal("bearer", Assert.Single(document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject()).Name);
        Assert.Equal("bearer", Security(document, "/mine", "get"));
    }

    private static void Add(IServiceCollection services, bool onDocument)
    {
        services.AddAuthentication("Cookies").AddCookie("Cookies");
        services.Configure<CountersignOptions>(static options => options.UseAsDefaultScheme());
        if (onDocument)
        {
            services.AddOpenApi(static options => options.AddCountersign());
        }
        else
        {
            services.AddCountersignOpenApi().AddOpenApi();
        }
    }

    private static void Map(WebApplication web)
    {
        web.MapCountersign();
        web.MapGet("/open", static () => "open");
        web.MapGet("/mine", static (CurrentUser user) => user.UserId).WithName("named");
        web.MapGet("/authorized", static () => "in").RequireAuthorization();
        web.MapGet("/requirement", [Adult] static () => "in");
        web.MapGet("/cookie", static () => "in").RequireAuthorization(static policy => policy.AddAuthenticationSchemes("Cookies").RequireAuthenticatedUser());
        web.MapGet("/both", static () => "in")
            .RequireAuthorization(static policy => policy.AddAuthenticationSchemes("Cookies", "Countersign").RequireAuthenticatedUser());
        web.MapGet("/anonymous", static () => "in").RequireAuthorization().AllowAnonymous();
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class AdultAttribute : Attribute, IAuthorizationRequirementData
    {
        public IEnumerable<IAuthorizationRequirement> GetRequirements() => [new DenyAnonymousAuthorizationRequirement()];
    }

    private static string? Text(JsonElement schemes, string scheme, string member) => schemes.GetProperty(scheme).GetProperty(member).GetString();

    private static string Security(JsonElement document, string path, string method)
    {
        var operation = document.GetProperty("paths").GetProperty(path).GetProperty(method);
        return operation.TryGetProperty("security", out var security)
            ? string.Join(" | ", security.EnumerateArray().Select(static one => string.Join(" + ", one.EnumerateObject().Select(static scheme => scheme.Name))))
            : "";
    }
}
