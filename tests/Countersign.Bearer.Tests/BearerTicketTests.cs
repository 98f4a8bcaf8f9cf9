using Countersign.Tokens;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Countersign.Bearer.Tests;

/// <summary>What the platform finds in the ticket of a good token, as other handlers put it there.</summary>
public sealed class BearerTicketTests : IAsyncLifetime
{
    private readonly ResourceServer _server = new(
        static _ => { },
        static app =>
        {
            app.MapGet("/token", static async Task<string> (HttpContext context) => await context.GetTokenAsync("access_token") ?? "none");
            app.MapGet("/names", static async Task<string> (HttpContext context) =>
                string.Join(' ', (await context.AuthenticateAsync()).Properties!.GetTokens().Select(static token => token.Name)));
            app.MapGet("/expires", static async Task<string> (HttpContext context) =>
                (await context.AuthenticateAsync()).Properties?.ExpiresUtc?.ToString("O") ?? "none");
        });

    public ValueTask InitializeAsync() => _server.InitializeAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task GetTokenAsync_GoodToken_IsTheOneThatWasSent()
    {
        var token = _server.AccessToken();

        Assert.Contains(token, (await _server.GetAsync("/token", $"Authorization: Bearer {token}")).Body, StringComparison.Ordinal);
        Assert.Contains("\r\naccess_token\r\n", (await _server.GetAsync("/names", $"Authorization: Bearer {token}")).Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Authorization: Bearer nonsense")]
    public async Task GetTokenAsync_NoGoodToken_IsNull(string header)
    {
        foreach (var path in new[] { "/token", "/expires" })
        {
            var answer = await _server.GetAsync(path, [.. new[] { header }.Where(static line => line.Length > 0)]);
            Assert.Contains("\r\nnone\r\n", answer.Body, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ExpiresUtc_GoodToken_IsTheTokensExpiry()
    {
        var expected = _server.Time.GetUtcNow() + TimeSpan.FromMinutes(20);

        var answer = await _server.GetAsync("/expires", $"Authorization: Bearer {_server.AccessToken(age: TimeSpan.FromMinutes(10))}");

        Assert.Contains(expected.ToString("O"), answer.Body, StringComparison.Ordinal);
    }

    [Fact]
    public void Items_ChangedByTheApp_KeepBoth()
    {
        var properties = new AuthenticationProperties(new BearerItems("a.b.c".AsMemory(), DateTimeOffset.UnixEpoch));

        properties.SetString("own", "1");
        properties.ExpiresUtc = DateTimeOffset.UnixEpoch.AddDays(1);

        Assert.Equal(["own", ".Token.access_token", ".TokenNames", ".expires"], properties.Items.Keys.OrderByDescending(static key => key == "own"));
        Assert.Equal(("1", "a.b.c"), (properties.GetString("own"), properties.GetTokenValue("access_token")));
        Assert.Equal(DateTimeOffset.UnixEpoch.AddDays(1), properties.Clone().ExpiresUtc);
        Assert.DoesNotContain("a.b.c", properties.Items.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The ticket of every request holds the properties, so they may cost no more than the empty ones that the platform makes.</summary>
    [Fact]
    public void Items_NotRead_CostNoMoreThanThePlatformsEmptyProperties()
    {
        var token = "a.b.c".AsMemory();

        var ours = Measure(() => new AuthenticationProperties(new BearerItems(token, DateTimeOffset.UnixEpoch)));

        Assert.InRange(ours, 1, Measure(static () => new AuthenticationProperties()));

        static long Measure(Func<object> make) => AllocatedMemory.Of(() =>
        {
            for (var count = 0; count < 100; count++)
            {
                make();
            }
        });
    }
}
