using System.Net;
using Countersign.Sessions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Guest;

/// <summary>An app behind a proxy that ends TLS, set up as <c>docs/guides/behind-a-proxy.md</c> says.</summary>
public sealed class ProxyTests
{
    private const string Client = "203.0.113.7";

    [Fact]
    public async Task Login_ThroughTheProxy_HasTheClientsSchemeAndAddress()
    {
        await using var app = await GuestApp.StartAsync(new GuestSetup
        {
            Services = static services => services.Configure<ForwardedHeadersOptions>(static o =>
            {
                o.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
                o.KnownIPNetworks.Clear();
                o.KnownProxies.Clear();
                o.KnownProxies.Add(IPAddress.Loopback);
            }),
            MapApp = static app => app.UseForwardedHeaders(),
        });
        var ann = await app.CreateAsync("ann", "ann@example.com");

        var plain = await LoginAsync(app, "http");
        var secure = await LoginAsync(app, "https");

        Assert.Equal((400, "https_required"), (plain.Status, plain.Code));
        Assert.Equal(200, secure.Status);
        var session = Assert.Single(await app.Services.GetRequiredService<SessionService>().ListAsync(ann, null, 10));
        Assert.Equal(Client, session.IpAddress);
    }

    /// <summary>An app that knows of no proxy does not believe one.</summary>
    [Fact]
    public async Task Login_ProxyThatTheAppDoesNotKnow_HasTheProxysAddress()
    {
        await using var app = await GuestApp.StartAsync();
        var ann = await app.CreateAsync("ann", "ann@example.com");

        await LoginAsync(app, "https");

        var session = Assert.Single(await app.Services.GetRequiredService<SessionService>().ListAsync(ann, null, 10));
        Assert.Equal("127.0.0.1", session.IpAddress);
    }

    private static Task<Endpoints.Reply> LoginAsync(GuestApp app, string scheme) => app.SendAsync(
        "POST",
        "/api/v1/auth/login",
        new { username = "ann", password = GuestApp.Password },
        bearer: null,
        ("X-Forwarded-For", Client),
        ("X-Forwarded-Proto", scheme));
}
