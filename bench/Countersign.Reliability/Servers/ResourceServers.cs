using System.Security.Claims;
using Countersign.Bearer;
using Countersign.Harness;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Countersign.Reliability.Servers;

/// <summary>A service that only accepts tokens, with two schemes: ours, and the platform's <c>AddJwtBearer</c>. Both know only the issuer's address.</summary>
internal sealed class ResourceServers : IAsyncDisposable
{
    public const string Ours = "countersign";
    public const string Stock = "stock";

    private const string StockScheme = "Stock";

    private readonly WebApplication _service;
    private readonly HttpClient _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _reading;

    private ResourceServers(WebApplication service, Uri address, TimeSpan interval)
    {
        _service = service;
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = address, Timeout = TimeSpan.FromSeconds(30) };
        _reading = Task.Run(() => ReadKeysAsync(interval));
    }

    /// <summary>Starts it.</summary>
    /// <param name="authority">The issuer.</param>
    /// <param name="interval">
    /// How often the platform's scheme reads the keys. By default it reads them at most every five minutes, so the service asks it to.
    /// </param>
    public static async Task<ResourceServers> StartAsync(Uri authority, TimeSpan interval)
    {
        string issuer = authority.GetLeftPart(UriPartial.Authority);
        var address = Ports.FreeAddress();
        var builder = WebApplication.CreateSlimBuilder(["--urls", address.GetLeftPart(UriPartial.Authority)]);
        builder.Logging.SetMinimumLevel(LogLevel.Error);
        builder.Services.AddAuthorization();
        builder.Services.AddAuthentication().AddJwtBearer(StockScheme, options =>
        {
            options.Authority = issuer;
            options.Audience = issuer;
            options.MapInboundClaims = false;
            options.RequireHttpsMetadata = false;
            options.RefreshInterval = interval;
        });
        builder.Services.AddCountersignBearer(options =>
        {
            options.Authority = issuer;
            options.MinCacheAge = TimeSpan.FromSeconds(10);
            options.MaxCacheAge = TimeSpan.FromSeconds(10);
        });
        var service = builder.Build();
        Map(service, Ours, CountersignBearerDefaults.AuthenticationScheme);
        Map(service, Stock, StockScheme);
        await service.StartAsync();
        return new ResourceServers(service, address, interval);
    }

    /// <summary>Shows a token to one of the schemes.</summary>
    /// <returns>The status.</returns>
    public async Task<(int Status, string? Challenge)> ShowAsync(string scheme, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/" + scheme);
        request.Headers.Authorization = new System.Net.Http.Headers.AuthenticationHeaderValue("Bearer", accessToken);
        using var answer = await _http.SendAsync(request);
        return ((int)answer.StatusCode, answer.Headers.WwwAuthenticate.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
        _http.Dispose();
        await _service.DisposeAsync();
    }

    private static void Map(WebApplication service, string path, string scheme) => service
        .MapGet("/" + path, (ClaimsPrincipal user) => user.FindFirst("sub")!.Value)
        .RequireAuthorization(policy => policy.AddAuthenticationSchemes(scheme).RequireAuthenticatedUser());

    private async Task ReadKeysAsync(TimeSpan interval)
    {
        var options = _service.Services.GetRequiredService<IOptionsMonitor<JwtBearerOptions>>().Get(StockScheme);
        while (!_stop.IsCancellationRequested)
        {
            options.ConfigurationManager!.RequestRefresh();
            await Task.Delay(interval, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
