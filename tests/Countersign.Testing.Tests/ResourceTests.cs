extern alias resource;

using System.Net;
using Countersign.Tokens;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Program = resource::Program;

namespace Countersign.Testing.Tests;

/// <summary>What the package gives to the tests of a service that only accepts tokens.</summary>
public sealed class ResourceTests : IAsyncLifetime
{
    private readonly TestIssuer _issuer = new();
    private WebApplicationFactory<Program> _app = null!;

    public ValueTask InitializeAsync()
    {
        _app = new WebApplicationFactory<Program>().WithWebHostBuilder(builder => builder.UseTestIssuer(_issuer));
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _issuer.Dispose();
    }

    [Fact]
    public async Task TestIssuer_ItsTokens_AreAccepted()
    {
        using var client = _app.CreateClient();
        var claims = new Dictionary<string, ClaimValue>(StringComparer.Ordinal) { ["name"] = "Ada" };
        client.UseAccessToken(_issuer.Create(new TestAccessToken { UserId = "ada", Claims = claims }));

        Assert.Equal("Hello, Ada", await client.GetStringAsync("/hello", TestContext.Current.CancellationToken));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(client, "/admin"));
        client.UseAccessToken(_issuer.Create(new TestAccessToken { UserId = "ada", Roles = ["admin"] }));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(client, "/admin"));
    }

    [Fact]
    public async Task TestIssuer_OldTokenOrThatOfAnotherOne_IsRefused()
    {
        using var other = new TestIssuer();
        using var client = _app.CreateClient();
        foreach (var token in (string[])[
            _issuer.Create(new TestAccessToken { UserId = "ada", Age = TimeSpan.FromMinutes(10) }), other.Create(new TestAccessToken { UserId = "ada" })])
        {
            client.UseAccessToken(token);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(client, "/hello"));
        }
    }

    [Fact]
    public async Task AuthenticateAsync_ServiceWithoutAccounts_SaysWhatIsMissing()
    {
        using var client = _app.CreateClient();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => client.AuthenticateAsync(_app.Services, "ada@example.com"));

        Assert.Contains("AddCountersign", fault.Message, StringComparison.Ordinal);
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }
}
