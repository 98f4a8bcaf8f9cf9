using System.Text;
using System.Text.Json;
using Countersign.Tokens.Revocation;

namespace Countersign.Bearer.Tests;

/// <summary>Rules O-14 and O-15 of the bearer scheme (RFC 6750 §3.1), row by row.</summary>
public sealed class BearerHandlerTests(ResourceServer server) : IClassFixture<ResourceServer>
{
    private const string InvalidToken = "Bearer error=\"invalid_token\"";
    private const string InvalidRequest = "Bearer error=\"invalid_request\"";

    [Theory]
    [InlineData("Authorization: Bearer {token}")]
    [InlineData("Authorization: bearer {token}")]
    [InlineData("authorization: BEARER {token}")]
    public async Task Request_GoodToken_RunsAsItsSubject(string header)
    {
        var response = await server.GetAsync("/protected", Fill(header));

        Assert.Equal(200, response.Status);
        Assert.Contains("7", response.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no header", "/protected", "", 401, "credential_missing", "Bearer")]
    [InlineData("empty header", "/protected", "Authorization: ", 401, "credential_missing", "Bearer")]
    [InlineData("another scheme", "/protected", "Authorization: Basic dTpw", 401, "credential_missing", "Bearer")]
    [InlineData("a scheme that begins alike", "/protected", "Authorization: BearerX {token}", 401, "credential_missing", "Bearer")]
    [InlineData("a tab for the space", "/protected", "Authorization: Bearer\t{token}", 401, "credential_missing", "Bearer")]
    [InlineData("no token", "/protected", "Authorization: Bearer", 401, "token_segments_malformed", InvalidToken)]
    [InlineData("two spaces", "/protected", "Authorization: Bearer  {token}", 401, null, InvalidToken)]
    [InlineData("two tokens", "/protected", "Authorization: Bearer {token}, Bearer {token}", 401, null, InvalidToken)]
    [InlineData("two headers", "/protected", "Authorization: Bearer {token}\nAuthorization: Bearer {token}", 400, "authorization_repeated", InvalidRequest)]
    [InlineData(
        "two headers, one of another scheme",
        "/protected",
        "Authorization: Basic dTpw\nAuthorization: Bearer {token}",
        400,
        "authorization_repeated",
        InvalidRequest)]
    [InlineData("token in the query", "/protected?access_token={token}", "", 400, "token_in_query", InvalidRequest)]
    [InlineData("token in query and header", "/protected?access_token={token}", "Authorization: Bearer {token}", 400, "token_in_query", InvalidRequest)]
    [InlineData("expired", "/protected", "Authorization: Bearer {expired}", 401, "token_expired", InvalidToken)]
    [InlineData("a refresh token", "/protected", "Authorization: Bearer {refresh}", 401, "token_typ_wrong", InvalidToken)]
    [InlineData("tampered", "/protected", "Authorization: Bearer {tampered}", 401, "token_signature_invalid", InvalidToken)]
    [InlineData("signed by someone else", "/protected", "Authorization: Bearer {foreign}", 401, "token_key_unknown", InvalidToken)]
    [InlineData("of a session that was ended", "/protected", "Authorization: Bearer {revoked}", 401, "session_revoked", InvalidToken)]
    [InlineData("of an inactive account", "/protected", "Authorization: Bearer {inactive}", 400, "account_inactive", InvalidToken)]
    [InlineData("lacking the role", "/admin", "Authorization: Bearer {token}", 403, "forbidden", "Bearer error=\"insufficient_scope\"")]
    public async Task Request_BadCredential_IsRefused(string credential, string target, string headers, int status, string? code, string challenge)
    {
        var response = await server.GetAsync(Fill(target), [.. Fill(headers).Split('\n', StringSplitOptions.RemoveEmptyEntries)]);

        Assert.True(response.Status == status, $"{credential}: {response.Status}");
        var sent = Assert.Single(response.All("WWW-Authenticate"));
        Assert.True(challenge == "Bearer" ? sent == challenge : sent.StartsWith(challenge + ", error_description=\"", StringComparison.Ordinal), sent);
        Assert.Equal("no-store", Assert.Single(response.All("Cache-Control")));
        Assert.Empty(response.All("Set-Cookie"));
        AssertProblem(response, status, code);
    }

    [Fact]
    public async Task Request_Unauthorized_SaysWhatTheOriginalSaid()
    {
        var response = await server.GetAsync("/protected");

        Assert.Contains("\"detail\":\"Could not validate credentials\"", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_InactiveAccount_SaysWhatTheOriginalSaid()
    {
        var response = await server.GetAsync("/protected", Fill("Authorization: Bearer {inactive}"));

        Assert.Contains("\"detail\":\"Inactive user\"", response.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_WithTheRole_IsLetIn() =>
        Assert.Equal(200, (await server.GetAsync("/admin", $"Authorization: Bearer {server.AccessToken(roles: "admin")}")).Status);

    [Fact]
    public async Task Request_OpenRouteWithBadToken_Runs() =>
        Assert.Equal(200, (await server.GetAsync("/open", "Authorization: Bearer nonsense")).Status);

    private static void AssertProblem(RawResponse response, int status, string? code)
    {
        Assert.Equal("application/problem+json", Assert.Single(response.All("Content-Type")));
        using var problem = JsonDocument.Parse(response.Body);
        var root = problem.RootElement;
        Assert.Equal("type title status detail code", string.Join(' ', root.EnumerateObject().Select(member => member.Name)));
        Assert.Equal(status, root.GetProperty("status").GetInt32());
        if (code is not null)
        {
            Assert.Equal(code, root.GetProperty("code").GetString());
        }

        Assert.Equal("about:blank", root.GetProperty("type").GetString());
    }

    private string Fill(string template)
    {
        var text = new StringBuilder(template);
        Fill(text, "{token}", () => server.AccessToken());
        Fill(text, "{expired}", () => server.AccessToken(age: TimeSpan.FromHours(1)));
        Fill(text, "{refresh}", server.RefreshToken);
        Fill(text, "{tampered}", Tampered);
        Fill(text, "{foreign}", () => new ResourceServer().AccessToken());
        Fill(text, "{revoked}", () => Ended(RevocationReason.LoggedOut));
        Fill(text, "{inactive}", () => Ended(RevocationReason.AccountInactive));
        return text.ToString();
    }

    private static void Fill(StringBuilder text, string name, Func<string> make)
    {
        if (text.ToString().Contains(name, StringComparison.Ordinal))
        {
            text.Replace(name, make());
        }
    }

    private string Tampered()
    {
        var token = server.AccessToken();
        var payload = token.IndexOf('.', StringComparison.Ordinal) + 5;
        return token[..payload] + (token[payload] == 'A' ? 'B' : 'A') + token[(payload + 1)..];
    }

    private string Ended(RevocationReason reason)
    {
        var session = Guid.CreateVersion7(server.Time.GetUtcNow());
        server.Revocations.Add(session, reason);
        return server.AccessToken(session);
    }
}
