extern alias JwtBearerApi;
extern alias ResourceApi;

using System.Net.Http.Headers;
using Countersign.Bearer;
using Countersign.Interop.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Interop.Tests;

/// <summary>A resource server beside the real server: ours, and ASP.NET Core's own handler in the same app, which must agree.</summary>
public sealed class ResourceServerTests(ResourceServerTests.Server server) : IClassFixture<ResourceServerTests.Server>
{
    private const string Stock = "Stock";

    [Fact]
    public async Task Authority_Alone_AgreesWithTheStockHandler()
    {
        await using var service = await StartAsync();
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id")!;
        await client.LogInAsync();

        Assert.Equal([(200, userId), (200, userId)], await AskAsync(service, client.AccessToken));
        Assert.Equal([(200, userId), (200, userId)], await AskAsync(service, client.AccessToken));
        foreach (var token in (string?[])[client.RefreshToken, Tampered(client.AccessToken), "nonsense", null])
        {
            Assert.Equal([401, 401], (await AskAsync(service, token)).Select(static answer => answer.Status));
        }

        InteropTable.Passed("Countersign.Bearer", "verifies by Authority alone, beside the stock handler");
    }

    /// <summary>What the documentation says of resource servers: nobody tells them of a logout.</summary>
    [Fact]
    public async Task Logout_OnTheServer_IsNotSeenBeforeTheTokenExpires()
    {
        await using var service = await StartAsync();
        using var client = await server.LoggedInAsync();
        var token = client.AccessToken;
        Assert.Equal(204, (await client.PostAsync("/auth/logout", null, token)).Status);

        Assert.Equal([200, 200], (await AskAsync(service, token)).Select(static answer => answer.Status));
    }

    [Fact]
    public async Task Sample_AsItStands_KnowsTheUser()
    {
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id")!;
        await client.LogInAsync();
        await using var sample = new WebApplicationFactory<ResourceApi::Program>().WithWebHostBuilder(host => host
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("Logging:LogLevel:Default", "Warning")
            .ConfigureServices(
                services => services.PostConfigure<CountersignBearerOptions>(
                    CountersignBearerDefaults.AuthenticationScheme,
                    options => options.Authority = Issuer)));
        sample.UseKestrel(0);
        using var http = sample.CreateClient();

        Assert.Equal((401, ""), await GetAsync(http, "/hello", null));
        Assert.Equal((200, $"Hello, {userId}"), await GetAsync(http, "/hello", client.AccessToken));
        Assert.Equal((403, ""), await GetAsync(http, "/admin", client.AccessToken));
    }

    /// <summary>The guide's other sample, with the platform's handler: it knows the user, and refuses what ours refuses.</summary>
    [Fact]
    public async Task StockSample_AsItStands_KnowsTheUserAndRefusesARefreshToken()
    {
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id")!;
        await client.LogInAsync();
        await using var sample = new WebApplicationFactory<JwtBearerApi::Program>().WithWebHostBuilder(host => host
            .UseSetting("urls", "http://127.0.0.1:0")
            .UseSetting("Logging:LogLevel:Default", "Critical")
            .ConfigureServices(services =>
            {
                services.AddDataProtection().UseEphemeralDataProtectionProvider();

                // Before the options are completed: the scheme takes its discovery address from the authority.
                services.Configure<JwtBearerOptions>(
                    JwtBearerDefaults.AuthenticationScheme, options => (options.Authority, options.Audience) = (Issuer, Issuer));
            }));
        sample.UseKestrel(0);
        using var http = sample.CreateClient();

        Assert.Equal((401, ""), await GetAsync(http, "/hello", null));
        Assert.Equal((200, $"Hello, {userId}"), await GetAsync(http, "/hello", client.AccessToken));
        Assert.Equal((403, ""), await GetAsync(http, "/admin", client.AccessToken));
        foreach (var token in (string[])[client.RefreshToken, Tampered(client.AccessToken)])
        {
            Assert.Equal((401, ""), await GetAsync(http, "/hello", token));
        }
    }

    private string Issuer => server.Address.GetLeftPart(UriPartial.Authority);

    /// <summary>One bit of the signature's first byte.</summary>
    private static string Tampered(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return $"{token[..signature]}{(token[signature] == 'A' ? 'B' : 'A')}{token[(signature + 1)..]}";
    }

    private static async Task<(int Status, string Body)[]> AskAsync(WebApplication service, string? token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };
        return [await GetAsync(http, "/countersign", token), await GetAsync(http, "/stock", token)];
    }

    private static async Task<(int Status, string Body)> GetAsync(HttpClient http, string path, string? token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.IsSuccessStatusCode ? await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken) : "");
    }

    private async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // The stock handler brings data protection with it, which would leave a key ring in the home directory.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication().AddJwtBearer(Stock, options =>
        {
            options.Authority = Issuer;
            options.Audience = Issuer;
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = false;
        });
        builder.Services.AddCountersignBearer(options => options.Authority = Issuer);
        var service = builder.Build();
        Map(service, "/countersign", CountersignBearerDefaults.AuthenticationScheme);
        Map(service, "/stock", Stock);
        await service.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    private static void Map(WebApplication service, string path, string scheme) =>
        service.MapGet(path, static (HttpContext context) => context.User.FindFirst("sub")!.Value)
            .RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());

    public sealed class Server : RunningServer;
}
