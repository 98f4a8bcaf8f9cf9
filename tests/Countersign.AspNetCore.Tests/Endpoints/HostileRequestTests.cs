using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Countersign.AspNetCore.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Countersign.AspNetCore.Tests.Endpoints;

/// <summary>Whatever a client sends, the answer is a refusal that a client can read, and nothing has changed.</summary>
public sealed class HostileRequestTests(WebServer server) : IClassFixture<WebServer>
{
    private static readonly (string Method, string Path, string[] Members)[] Routes =
    [
        ("POST", "/api/v1/auth/register", ["email", "password"]),
        ("POST", "/api/v1/auth/login", ["username", "password"]),
        ("POST", "/api/v1/auth/refresh", ["refresh_token"]),
        ("POST", "/api/v1/auth/token", ["grant_type", "refresh_token"]),
        ("POST", "/api/v1/auth/logout", ["refresh_token"]),
        ("POST", "/api/v1/auth/logout-all", ["refresh_token"]),
        ("POST", "/api/v1/auth/change-password", ["current_password", "new_password"]),
        ("PATCH", "/api/v1/users/me", ["display_name"]),
        ("DELETE", "/api/v1/users/me", ["current_password"]),
    ];

    /// <summary>Values of a member, as JSON.</summary>
    private static readonly string[] Values =
    [
        "\"\"", "\" \"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\ud800\"", "\"\\ufffe\"", "\"' OR 1=1 --\"", "\"../../etc/passwd\"",
        "\"%s%n\"", "\"\\r\\nSet-Cookie: a=b\"",
        "0", "-1", "1e400", "true", "false", "null", "[]", "{}", "[\"a\"]", "{\"$ne\":null}", "\"a@x,b@y\"", "\"a@@\"", "\"eyJhbGciOiJub25lIn0.e30.\"",
    ];

    [Fact]
    public async Task EveryRoute_HostileBodies_AreRefusedAndChangeNothing()
    {
        var login = await server.LoginAsync();
        var accounts = await CountAsync();

        foreach (var (method, path, members) in Routes)
        {
            foreach (var body in Bodies(members))
            {
                using var content = new ByteArrayContent(body);
                content.Headers.ContentType = new MediaTypeHeaderValue(
                    path.EndsWith("/token", StringComparison.Ordinal) ? "application/x-www-form-urlencoded" : "application/json");

                // A logout needs none: with the bearer token alone it is a good one.
                var bearer = path.Contains("logout", StringComparison.Ordinal) ? null : login.AccessToken;
                var reply = await server.SendAsync(method, path, content, bearer);

                var isNoRefusal = path.EndsWith("/me", StringComparison.Ordinal) && reply.Status == 200;
                Assert.True(
                    reply.Status is >= 400 and < 500 || isNoRefusal,
                    $"{method} {path} {Encoding.UTF8.GetString(body[..Math.Min(body.Length, 100)])}: {reply.Status} {reply.Text}");
                var isOAuthError = path.EndsWith("/token", StringComparison.Ordinal) && reply.MediaType == "application/json" && reply.Error is not null;
                Assert.True(reply.MediaType == "application/problem+json" || isOAuthError || isNoRefusal, reply.MediaType);
                Assert.Equal("no-store", reply.Header("Cache-Control"));
            }
        }

        Assert.Equal(accounts, await CountAsync());
        Assert.Equal(200, (await server.SendAsync("GET", "/who", bearer: login.AccessToken)).Status);
    }

    [Fact]
    public async Task Body_StreamedWithoutEnd_IsRefusedAtTheBound()
    {
        using var content = new StreamContent(new MemoryStream(Encoding.ASCII.GetBytes("{\"username\":\"" + new string('x', 1 << 20))));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/auth/login") { Content = content };
        request.Headers.TransferEncodingChunked = true;

        using var response = await server.Client.SendAsync(request);

        Assert.Equal(413, (int)response.StatusCode);
    }

    private static IEnumerable<byte[]> Bodies(string[] members)
    {
        foreach (var value in Values)
        {
            yield return Json(members, value);
        }

        yield return [];
        yield return "{"u8.ToArray();
        yield return Encoding.UTF8.GetBytes(new string('[', 10_000));
        yield return Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"{members[0]}\":{new string('[', 5_000)}"));
        yield return [0xEF, 0xBB, 0xBF, .. Json(members, "\"x\"")];
        yield return Encoding.Unicode.GetBytes("{}");
        yield return [(byte)'{', (byte)'"', 0xC3, 0x28, (byte)'"', (byte)':', (byte)'1', (byte)'}'];
        yield return Encoding.UTF8.GetBytes($"{{\"{members[0]}\":\"x\",\"{members[0]}\":\"x\"}}");
        yield return Encoding.UTF8.GetBytes("{\"is_admin\":true}");
        yield return Json(members, '"' + new string('x', 6_000) + '"');
        yield return Json(members, '"' + new string('x', 1 << 20) + '"');
    }

    private static byte[] Json(string[] members, string value) =>
        Encoding.UTF8.GetBytes('{' + string.Join(',', members.Select(member => $"\"{member}\":{value}")) + '}');

    private async Task<int> CountAsync()
    {
        var count = 0;
        await server.ChangeAsync(async context => count = await context.Users.CountAsync());
        return count;
    }
}
