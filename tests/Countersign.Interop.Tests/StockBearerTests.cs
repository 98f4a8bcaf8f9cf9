using System.Net.Http.Headers;
using Countersign.Interop.Tests.Support;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Countersign.Interop.Tests;

/// <summary>A service with ASP.NET Core's own bearer handler, which is told the server's address and nothing else of it.</summary>
public sealed class StockBearerTests(StockBearerTests.Server server) : IClassFixture<StockBearerTests.Server>
{
    private const string Audience = "https://api.example";

    [Fact]
    public async Task Authority_Alone_TakesAccessTokensAndNothingElse()
    {
        await using var service = await StartAsync(Audience);
        using var client = server.Client();
        var userId = (await client.RegisterAsync()).Text("id")!;
        await client.LogInAsync();

        Assert.Equal((200, userId), await AskAsync(service, client.AccessToken));
        InteropTable.Passed("Microsoft.AspNetCore.Authentication.JwtBearer", "verifies the access token by Authority alone");

        Assert.Equal(401, (await AskAsync(service, client.RefreshToken)).Status);
        Assert.Equal(401, (await AskAsync(service, Tampered(client.AccessToken))).Status);
        Assert.Equal(401, (await AskAsync(service, null)).Status);
        InteropTable.Passed("Microsoft.AspNetCore.Authentication.JwtBearer", "refuses the refresh token, a tampered one, and none");
    }

    [Fact]
    public async Task Authority_OfAnotherAudience_TakesNothing()
    {
        await using var service = await StartAsync("https://other.example");
        using var client = await server.LoggedInAsync();

        Assert.Equal(401, (await AskAsync(service, client.AccessToken)).Status);
        InteropTable.Passed("Microsoft.AspNetCore.Authentication.JwtBearer", "refuses a token for another audience");
    }

    /// <summary>One bit of the signature's first byte.</summary>
    private static string Tampered(string token)
    {
        var signature = token.LastIndexOf('.') + 1;
        return $"{token[..signature]}{(token[signature] == 'A' ? 'B' : 'A')}{token[(signature + 1)..]}";
    }

    private static async Task<(int Status, string Body)> AskAsync(WebApplication service, string? token)
    {
        using var http = new HttpClient { BaseAddress = new Uri(service.Urls.First()) };
        http.DefaultRequestHeaders.Authorization = token is null ? null : new AuthenticationHeaderValue("Bearer", token);
        using var response = await http.GetAsync(new Uri("/whoami", UriKind.Relative), TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private async Task<WebApplication> StartAsync(string audience)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");

        // The stock handler brings data protection with it, which would leave a key ring in the home directory.
        builder.Services.AddDataProtection().UseEphemeralDataProtectionProvider();
        builder.Services.AddAuthentication().AddJwtBearer(options =>
        {
            options.Authority = server.Address.GetLeftPart(UriPartial.Authority);
            options.Audience = audience;
            options.MapInboundClaims = false;

            // The server of this test listens on loopback without TLS.
            options.RequireHttpsMetadata = false;
        });
        builder.Services.AddAuthorization();
        var service = builder.Build();
        service.MapGet("/whoami", (HttpContext context) => context.User.FindFirst("sub")!.Value).RequireAuthorization();
        await service.StartAsync(TestContext.Current.CancellationToken);
        return service;
    }

    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Auth__Audience", Audience));
    }
}
