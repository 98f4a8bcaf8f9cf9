using System.Text.Json;
using Countersign.AspNetCore.Endpoints;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class MetadataEndpointsTests(WebServer server) : IClassFixture<WebServer>
{
    /// <summary>The routes that may be called without a login, reviewed one by one; every other one must require it.</summary>
    private static readonly string[] Anonymous =
    [
        "/api/v1/auth/register", "/api/v1/auth/login", "/api/v1/auth/refresh", "/api/v1/auth/token", "/api/v1/auth/logout", "/api/v1/auth/logout-all",

        // These ask for a client, not for a login.
        "/api/v1/auth/introspect", "/api/v1/auth/revoke",
        "/.well-known/jwks.json", "/.well-known/openid-configuration", "/.well-known/oauth-authorization-server",
    ];

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Get_Metadata_ComesFromConfigurationAlone(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Host = "evil.example";
        request.Headers.Add("X-Forwarded-Host", "evil.example");
        using var response = await server.Client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();

        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        var metadata = JsonSerializer.Deserialize<JsonElement>(text);
        Assert.Equal(WebServer.Issuer, metadata.GetProperty("issuer").GetString());
        Assert.Equal(WebServer.Issuer + "/.well-known/jwks.json", metadata.GetProperty("jwks_uri").GetString());
        Assert.Equal(WebServer.Issuer + "/api/v1/auth/token", metadata.GetProperty("token_endpoint").GetString());
        Assert.Equal("[\"ES256\"]", metadata.GetProperty("id_token_signing_alg_values_supported").GetRawText());
        Assert.Equal("[\"refresh_token\"]", metadata.GetProperty("grant_types_supported").GetRawText());
        Assert.Equal(WebServer.Issuer + "/api/v1/auth/introspect", metadata.GetProperty("introspection_endpoint").GetString());
        Assert.Equal("[\"client_secret_basic\",\"client_secret_post\"]", metadata.GetProperty("introspection_endpoint_auth_methods_supported").GetRawText());
        Assert.Equal(WebServer.Issuer + "/api/v1/auth/revoke", metadata.GetProperty("revocation_endpoint").GetString());
        Assert.Equal(
            "[\"client_secret_basic\",\"client_secret_post\",\"none\"]",
            metadata.GetProperty("revocation_endpoint_auth_methods_supported").GetRawText());
    }

    [Fact]
    public async Task Get_Keys_ArePublicOnes()
    {
        var reply = await server.SendAsync("GET", "/.well-known/jwks.json");

        Assert.Equal("public, max-age=300", reply.Header("Cache-Control"));
        var keys = reply.Json.GetProperty("keys").EnumerateArray().ToList();
        Assert.NotEmpty(keys);
        Assert.All(keys, key => Assert.DoesNotContain(key.EnumerateObject(), member => member.Name is "d" or "p" or "q" or "dp" or "dq" or "qi" or "k"));
    }

    [Fact]
    public void Routes_AllOfThem_RequireALoginOrAreReviewed()
    {
        foreach (var endpoint in Routes())
        {
            var requires = endpoint.Metadata.GetMetadata<AuthorizationPolicy>() is not null && endpoint.Metadata.GetMetadata<IAllowAnonymous>() is null;

            Assert.True(requires != Anonymous.Contains('/' + endpoint.RoutePattern.RawText!.TrimStart('/'), StringComparer.Ordinal), endpoint.DisplayName);
        }
    }

    [Fact]
    public void Routes_AllOfThem_SayWhatTheyAnswer()
    {
        foreach (var endpoint in Routes().Where(endpoint => !endpoint.RoutePattern.RawText!.Contains(".well-known", StringComparison.Ordinal)))
        {
            var statuses = endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode).ToHashSet();

            Assert.Contains(statuses, status => status is >= 200 and < 300);
            Assert.Contains(400, statuses);
            Assert.Contains(503, statuses);
            Assert.True(statuses.Contains(401) || Anonymous.Contains(endpoint.RoutePattern.RawText!, StringComparer.Ordinal), endpoint.DisplayName);
        }
    }

    [Fact]
    public void Login_Route_TakesBothFormsAndIsTheTokenUrl()
    {
        var login = Routes().Where(endpoint => endpoint.Metadata.GetMetadata<PasswordFlowMetadata>() is not null).ToList();

        Assert.All(login, endpoint => Assert.EndsWith("/auth/login", endpoint.RoutePattern.RawText, StringComparison.Ordinal));
        var described = Assert.Single(login, endpoint => endpoint.Metadata.GetMetadata<IExcludeFromDescriptionMetadata>() is null);
        Assert.Equal(
            "application/x-www-form-urlencoded application/json", string.Join(' ', described.Metadata.GetRequiredMetadata<IAcceptsMetadata>().ContentTypes));
    }

    [Fact]
    public async Task MapCountersign_NothingAdded_SaysWhatToCall()
    {
        await using var app = WebApplication.CreateSlimBuilder().Build();

        Assert.Contains("AddCountersign", Assert.Throws<InvalidOperationException>(() => app.MapCountersign()).Message, StringComparison.Ordinal);
    }

    private List<RouteEndpoint> Routes() =>
        [.. server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.Contains("/api/v1/", StringComparison.Ordinal)
                || endpoint.RoutePattern.RawText.Contains(".well-known", StringComparison.Ordinal))];
}
