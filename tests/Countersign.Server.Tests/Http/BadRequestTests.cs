using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Countersign.Server.Tests.Http;

/// <summary>Requests that no client of ours sends: each refused with a problem document, none with a server error, and nothing changed.</summary>
public sealed class BadRequestTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    private static readonly string Nested = "{\"username\":" + new string('[', 5000) + new string(']', 5000) + ",\"password\":\"x\"}";

    public static TheoryData<string, string, string, string, int, string> Rows => new()
    {
        { "no body", "/auth/login", "", Json, 400, "body_malformed" },
        { "not JSON", "/auth/login", "{", Json, 400, "body_malformed" },
        { "an array", "/auth/login", "[]", Json, 400, "body_malformed" },
        { "a number", "/auth/refresh", "1", Json, 400, "body_malformed" },
        { "null", "/auth/register", "null", Json, 400, "body_malformed" },
        { "trailing text", "/auth/refresh", "{\"refresh_token\":\"x\"} x", Json, 400, "body_malformed" },
        { "a comment", "/auth/refresh", "{/* */\"refresh_token\":\"x\"}", Json, 400, "body_malformed" },
        { "missing member", "/auth/login", "{\"username\":\"a\"}", Json, 400, "member_missing" },
        { "member of another type", "/auth/login", "{\"username\":1,\"password\":\"x\"}", Json, 400, "member_malformed" },
        { "member null", "/auth/login", "{\"username\":null,\"password\":\"x\"}", Json, 400, "member_malformed" },
        { "member an object", "/auth/refresh", "{\"refresh_token\":{}}", Json, 400, "member_malformed" },
        { "member an array", "/auth/register", "{\"email\":[\"a@example.com\"],\"password\":\"violet umbrella orbit\"}", Json, 400, "member_malformed" },
        { "member twice", "/auth/login", "{\"username\":\"a\",\"username\":\"b\",\"password\":\"x\"}", Json, 400, "member_repeated" },
        { "member twice, escaped", "/auth/login", "{\"username\":\"a\",\"user\\u006eame\":\"b\",\"password\":\"x\"}", Json, 400, "member_repeated" },
        {
            "unknown member", "/auth/register", "{\"email\":\"a@example.com\",\"password\":\"violet umbrella orbit\",\"is_admin\":true}", Json, 400,
            "member_unknown"
        },
        { "lone surrogate", "/auth/login", "{\"username\":\"\\ud800\",\"password\":\"x\"}", Json, 400, "" },
        { "parameter twice", "/auth/login", "username=a&username=b&password=x", Form, 400, "member_repeated" },
        { "form without password", "/auth/login", "username=a", Form, 400, "member_missing" },
        { "form of broken escapes", "/auth/login", "username=%&password=%zz", Form, 400, "" },
        { "form not UTF-8", "/auth/login", "username=%ff%fe&password=x", Form, 400, "" },
        { "text/plain", "/auth/login", "{\"username\":\"a\",\"password\":\"x\"}", "text/plain", 415, "content_type_unsupported" },
        { "multipart", "/auth/login", "--x--", "multipart/form-data; boundary=x", 415, "content_type_unsupported" },
        { "form at a JSON route", "/auth/refresh", "refresh_token=x", Form, 415, "content_type_unsupported" },
        { "JSON at the token endpoint", "/auth/token", "{}", Json, 415, "content_type_unsupported" },
        { "UTF-16", "/auth/login", "{}", "application/json; charset=utf-16", 415, "content_type_unsupported" },
        {
            "e-mail with a line break", "/auth/register", "{\"email\":\"a@example.com\\r\\nbcc:b@example.com\",\"password\":\"violet umbrella orbit\"}", Json,
            400, "email_invalid"
        },
        { "two e-mails", "/auth/register", "{\"email\":\"a@example.com,b@example.com\",\"password\":\"violet umbrella orbit\"}", Json, 400, "email_invalid" },
        { "empty refresh token", "/auth/refresh", "{\"refresh_token\":\"\"}", Json, 400, "" },
        { "hostile refresh token", "/auth/refresh", "{\"refresh_token\":\"" + "a.b.c" + "\"}", Json, 400, "refresh_token_invalid" },
        { "only dots", "/auth/refresh", "{\"refresh_token\":\"" + new string('.', 9000) + "\"}", Json, 400, "refresh_token_invalid" },
        { "deep nesting", "/auth/login", Nested, Json, 400, "" },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task Post_BadBody_RefusedAndNothingChanged(string name, string path, string body, string contentType, int status, string code)
    {
        using var client = server.Client();
        var before = await CountAsync();
        using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = MediaTypeHeaderValue.Parse(contentType);

        var answer = await client.SendAsync(HttpMethod.Post, path, content);

        Assert.True(answer.Status == status, $"{name}: {answer.Status} {answer.Raw}");
        answer.AssertRefused(status, code.Length == 0 ? answer.Code! : code, path == "/auth/token" ? Json : "application/problem+json");
        Assert.Equal(before, await CountAsync());
    }

    [Fact]
    public async Task Post_NotUtf8_Refused()
    {
        using var client = server.Client();
        using var content = new ByteArrayContent([.. "{\"username\":\""u8, 0xFF, 0xFE, .. "\",\"password\":\"x\"}"u8]);
        content.Headers.ContentType = new MediaTypeHeaderValue(Json);

        (await client.SendAsync(HttpMethod.Post, "/auth/login", content)).AssertRefused(400, "body_not_utf8");
    }

    [Theory]
    [InlineData("/auth/login")]
    [InlineData("/auth/register")]
    public async Task Post_PasswordOfAMegabyte_Refused(string path)
    {
        using var client = server.Client();

        var answer = await client.PostAsync(path, new { username = "a", email = "a@example.com", password = new string('p', 1 << 20) });

        answer.AssertRefused(413, "body_too_large");
    }

    [Fact]
    public async Task Post_BodyOfUnknownLength_RefusedOnceItIsTooLong()
    {
        // One chunk above the limit, and never the last one: the answer must not wait for the end of what is already too long.
        const int ChunkBytes = 20_000;
        var request = "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
            "Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
            $"{ChunkBytes:x}\r\n{new string(' ', ChunkBytes)}\r\n";

        var answer = await RawRequest.SendAsync(server.Address, request);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"body_too_large\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Register_LongestPasswordThatFits_Accepted()
    {
        using var client = server.Client();
        var password = string.Concat(Enumerable.Repeat("four byte 😀 ", 200));

        Assert.Equal(201, (await client.PostAsync("/auth/register", new { email = client.Email, password })).Status);
        Assert.Equal(200, (await client.TryLogInAsync(password)).Status);
        (await client.TryLogInAsync(password[..^1])).AssertRefused(400, "invalid_credentials");
    }

    [Fact]
    public async Task Get_TwoAuthorizationHeaders_400()
    {
        using var client = await server.LoggedInAsync();

        // Raw, since the client's own library would join the two into one.
        var answer = await RawRequest.SendAsync(
            server.Address,
            $"GET /api/v1/users/me HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer {client.AccessToken}\r\nAuthorization: " +
            $"Bearer {client.AccessToken}\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.Contains("\"code\":\"authorization_repeated\"", answer, StringComparison.Ordinal);
        Assert.Contains("WWW-Authenticate: Bearer error=\"invalid_request\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_TokenInTheQuery_400()
    {
        using var client = await server.LoggedInAsync();

        var answer = await client.GetAsync($"/users/me?access_token={client.AccessToken}");

        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Fact]
    public async Task Post_CredentialsInTheQuery_400()
    {
        using var client = server.Client();

        (await client.PostAsync("/auth/login?username=a&password=b", new { username = "a", password = "b" })).AssertRefused(400, "credential_in_query");
    }

    [Theory]
    [InlineData("limit=0")]
    [InlineData("limit=101")]
    [InlineData("limit=x")]
    [InlineData("before=x")]
    [InlineData("before=' OR 1=1 --")]
    [InlineData("limit=1&limit=2")]
    public async Task Sessions_BadPage_400(string query)
    {
        using var client = await server.LoggedInAsync();

        var answer = await client.GetAsync($"/auth/sessions?{query}", client.AccessToken);

        Assert.Equal(400, answer.Status);
        Assert.Equal("application/problem+json", answer.ContentType);
    }

    [Theory]
    [InlineData("GET", "/api/v1/auth/login", HttpStatusCode.MethodNotAllowed)]
    [InlineData("PUT", "/api/v1/users/me", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/api/v1/auth/nothing", HttpStatusCode.NotFound)]
    [InlineData("GET", "/.well-known/nothing", HttpStatusCode.NotFound)]
    public async Task Send_WhatNoRouteTakes_ProblemDocument(string method, string path, HttpStatusCode status)
    {
        using var http = new HttpClient { BaseAddress = server.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await http.SendAsync(request);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private async Task<(long Users, long Sessions)> CountAsync() => (
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM AspNetUsers"),
        await Sqlite.CountAsync(server.Database, "SELECT count(*) FROM countersign_sessions"));
}
