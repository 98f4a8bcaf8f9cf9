using System.Text;
using System.Text.Json;

namespace Countersign.AspNetCore.Tests.Endpoints;

public sealed class UserEndpointsTests(WebServer server) : IClassFixture<WebServer>
{
    private const string Me = "/api/v1/users/me";

    [Fact]
    public async Task Get_LoggedIn_IsTheUser()
    {
        var login = await server.LoginAsync();

        var reply = await server.SendAsync("GET", Me, bearer: login.AccessToken);

        Assert.Equal(200, reply.Status);
        Assert.Equal("id email email_confirmed display_name is_active roles created_at", reply.Members);
        Assert.Equal((login.UserId, login.Email), (reply.Json.GetProperty("id").GetString(), reply.Json.GetProperty("email").GetString()));
        Assert.Equal(JsonValueKind.Null, reply.Json.GetProperty("display_name").ValueKind);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Any_NoCredential_Is401BeforeTheBodyIsLookedAt(string method)
    {
        using var content = method == "GET" ? null : new StringContent("nonsense", Encoding.UTF8, "text/plain");

        var reply = await server.SendAsync(method, Me, content, bearer: null);

        Assert.Equal((401, "Bearer"), (reply.Status, reply.Header("WWW-Authenticate")));
    }

    [Theory]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task Body_OtherContentType_Is415(string method)
    {
        var login = await server.LoginAsync();
        using var content = new StringContent("{}", Encoding.UTF8, "text/plain");

        Assert.Equal("content_type_unsupported", (await server.SendAsync(method, Me, content, login.AccessToken)).Code);
    }

    [Fact]
    public async Task Update_DisplayName_IsSetAndRemoved()
    {
        var login = await server.LoginAsync();

        var set = await server.SendAsync("PATCH", Me, new { display_name = "Ada" }, login.AccessToken);
        var removed = await server.SendAsync("PATCH", Me, new { display_name = (string?)null }, login.AccessToken);

        Assert.Equal("Ada", set.Json.GetProperty("display_name").GetString());
        Assert.Equal(JsonValueKind.Null, removed.Json.GetProperty("display_name").ValueKind);
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Theory]
    [InlineData("{}", "member_missing")]
    [InlineData("""{"display_name":"a","is_active":true}""", "member_unknown")]
    [InlineData("""{"email":"other@example.com"}""", "member_unknown")]
    [InlineData("""{"display_name":"\u202e"}""", "display_name_invalid")]
    public async Task Update_AnythingElse_IsRefused(string body, string code)
    {
        var login = await server.LoginAsync();
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        Assert.Equal(code, (await server.SendAsync("PATCH", Me, content, login.AccessToken)).Code);
    }

    [Fact]
    public async Task Delete_RightPassword_EndsTheAccount()
    {
        var login = await server.LoginAsync();

        Assert.Equal(204, (await server.SendAsync("DELETE", Me, new { current_password = WebServer.Password }, login.AccessToken)).Status);

        Assert.Equal(401, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
        Assert.Equal(
            "invalid_credentials",
            (await server.SendAsync("POST", "/api/v1/auth/login", new { username = login.Email, password = WebServer.Password })).Code);
    }

    [Fact]
    public async Task Delete_WrongPassword_ChangesNothing()
    {
        var login = await server.LoginAsync();

        Assert.Equal("invalid_credentials", (await server.SendAsync("DELETE", Me, new { current_password = "not it at all" }, login.AccessToken)).Code);
        Assert.Equal(200, (await server.SendAsync("GET", Me, bearer: login.AccessToken)).Status);
    }
}
