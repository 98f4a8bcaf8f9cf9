using System.Text.Json;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>
/// What an app's own generator makes of our routes, which carry the framework's metadata and nothing else: an app with JSON options of its own.
/// </summary>
public sealed class DescriptionTests(WebServer server) : IClassFixture<WebServer>
{
    [Theory]
    [InlineData("RegisterRequest", "email password display_name", "email password")]
    [InlineData("LoginRequest", "username password refresh_token", "username password")]
    [InlineData("RefreshRequest", "refresh_token", "refresh_token")]
    [InlineData("TokenRequest", "grant_type refresh_token client_id scope", "grant_type")]
    [InlineData("LogoutRequest", "refresh_token", "")]
    [InlineData("ChangePasswordRequest", "current_password new_password", "current_password new_password")]
    [InlineData("UpdateAccountRequest", "display_name", "display_name")]
    [InlineData("DeleteAccountRequest", "current_password", "current_password")]
    [InlineData(
        "TokenResponse",
        "access_token refresh_token token_type expires_in refresh_generation",
        "access_token refresh_token token_type expires_in refresh_generation")]
    [InlineData(
        "UserResponse",
        "id email email_confirmed display_name is_active roles created_at",
        "id email email_confirmed display_name is_active roles created_at")]
    [InlineData("SessionListResponse", "sessions next", "sessions next")]
    [InlineData("ProblemDocument", "type title status detail code error error_description methods errors", "type title status detail code")]
    public async Task Schema_OfAnAppsOwnGenerator_HasTheWiresNames(string name, string members, string required)
    {
        var schema = (await DocumentAsync()).GetProperty("components").GetProperty("schemas").GetProperty(name);

        Assert.Equal(members, string.Join(' ', schema.GetProperty("properties").EnumerateObject().Select(member => member.Name)));
        Assert.Equal(required, schema.TryGetProperty("required", out var names) ? string.Join(' ', names.EnumerateArray().Select(one => one.GetString())) : "");
    }

    [Fact]
    public async Task Operation_OfAnAppsOwnGenerator_HasEveryContentTypeAndStatus()
    {
        var login = (await DocumentAsync()).GetProperty("paths").GetProperty("/api/v1/auth/login").GetProperty("post");

        Assert.Equal(
            ["application/json", "application/x-www-form-urlencoded"],
            login.GetProperty("requestBody").GetProperty("content").EnumerateObject().Select(media => media.Name).Order(StringComparer.Ordinal));
        Assert.Equal(
            ["200", "400", "403", "413", "415", "429", "503"],
            login.GetProperty("responses").EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Operation_OfARouteOfTheApp_HasWhatCurrentUserRefuses()
    {
        var responses = (await DocumentAsync()).GetProperty("paths").GetProperty("/account").GetProperty("get").GetProperty("responses");

        Assert.Equal(["200", "400", "401", "503"], responses.EnumerateObject().Select(response => response.Name).Order(StringComparer.Ordinal));
    }

    private async Task<JsonElement> DocumentAsync() => (await server.SendAsync("GET", "/openapi/v1.json")).Json;
}
