using System.Text;

namespace Countersign.Server.Tests.Http;

/// <summary>Who may ask and revoke: every way to be a client, and every way not to be one.</summary>
public sealed class ClientAuthenticationTests(ClientServer server) : IClassFixture<ClientServer>
{
    private static readonly string[] Routes = ["/auth/introspect", "/auth/revoke"];

    /// <summary>A name, the header (<c>{access}</c> is a user's token), and the form behind the token; all of them the same 401.</summary>
    public static TheoryData<string, string?, string> Strangers => new()
    {
        { "nobody", null, "" },
        { "user's bearer token", "Bearer {access}", "" },
        { "unknown client by Basic", ClientServer.Basic("nobody", ClientServer.ApiSecret), "" },
        { "unknown client by form", null, "&client_id=nobody&client_secret=" + ClientServer.ApiSecret },
        { "wrong secret by Basic", ClientServer.Basic("api", ClientServer.ElsewhereSecret), "" },
        { "wrong secret by form", null, "&client_id=api&client_secret=" + ClientServer.ElsewhereSecret },
        { "secret cut short", ClientServer.Basic("api", ClientServer.ApiSecret[..^1]), "" },
        { "secret and more", ClientServer.Basic("api", ClientServer.ApiSecret + "a"), "" },
        { "secret in other case", ClientServer.Basic("api", ClientServer.ApiSecret.ToUpperInvariant()), "" },
        { "id in other case", ClientServer.Basic("API", ClientServer.ApiSecret), "" },
        { "empty secret by Basic", ClientServer.Basic("api", ""), "" },
        { "empty secret by form", null, "&client_id=api&client_secret=" },
        { "confidential client without secret", null, "&client_id=api" },
        { "empty id", ClientServer.Basic("", ClientServer.ApiSecret), "" },
        { "public client with a secret", null, "&client_id=countersign&client_secret=x" },
        { "public client by Basic", ClientServer.Basic("countersign", ""), "" },
        { "another public client", null, "&client_id=another" },
        { "scheme alone", "Basic", "" },
        { "scheme and space", "Basic ", "" },
        { "two spaces", ClientServer.Api.Replace(" ", "  ", StringComparison.Ordinal), "" },
        { "no scheme", ClientServer.Api["Basic ".Length..], "" },
        { "no base64", "Basic !!!!", "" },
        { "white space in base64", ClientServer.Api.Insert(12, " "), "" },
        { "padding left out", ClientServer.Basic("api", ClientServer.ApiSecret + "ab").TrimEnd('='), "" },
        { "no colon", "Basic " + Convert.ToBase64String("api"u8), "" },
        { "broken escape in the id", ClientServer.Basic("ap%6", ClientServer.ApiSecret), "" },
        { "broken escape in the secret", ClientServer.Basic("api", "%zz"), "" },
        { "not UTF-8", ClientServer.Basic("api", "%ff%fe"), "" },
        { "not UTF-8, not escaped", "Basic " + Convert.ToBase64String([.. "api:"u8, 0xC3, 0x28]), "" },
        { "odd id not encoded", ClientServer.Basic(ClientServer.OddId, Uri.EscapeDataString(ClientServer.OddSecret)), "" },
        { "two schemes in one header", ClientServer.Api + ", " + ClientServer.Api, "" },
        { "digest", "Digest username=\"api\"", "" },
    };

    [Theory]
    [MemberData(nameof(Strangers))]
    public async Task O19_Stranger_IsOneAnswerWhateverIsWrong(string name, string? authorization, string form)
    {
        using var user = await server.LoggedInAsync();
        var expected = ClientServer.Whole(await server.PostAsync("/auth/introspect", "token=" + user.AccessToken, null));
        foreach (var route in Routes)
        {
            var answer = await server.PostAsync(
                route, $"token={user.AccessToken}{form}", authorization?.Replace("{access}", user.AccessToken, StringComparison.Ordinal));

            answer.AssertRefused(401, "invalid_client", "application/json");
            Assert.Equal("invalid_client", answer.Text("error"));
            Assert.Equal("Basic realm=\"clients\", charset=\"UTF-8\"", answer.Challenge);
            Assert.True(expected == ClientServer.Whole(answer), name);
        }

        Assert.Equal(200, (await user.MeAsync()).Status);
    }

    /// <summary>Ways that are good, with the secret in its present and in its previous form.</summary>
    public static TheoryData<string, string?, string> Clients => new()
    {
        { "Basic", ClientServer.Api, "" },
        { "scheme in lower case", "basic" + ClientServer.Api["Basic".Length..], "" },
        { "form", null, "&client_id=api&client_secret=" + ClientServer.ApiSecret },
        { "Basic, and the same id in the form", ClientServer.Api, "&client_id=api" },
        { "every character encoded", ClientServer.Basic("%61%70%69", string.Concat(ClientServer.ApiSecret.Select(character => $"%{(int)character:x2}"))), "" },
        { "odd characters by Basic", Odd(ClientServer.OddSecret), "" },
        {
            "odd characters by form",
            null,
            $"&client_id={Uri.EscapeDataString(ClientServer.OddId)}&client_secret={Uri.EscapeDataString(ClientServer.OddSecret)}"
        },
        { "the secret that is being replaced", Odd(ClientServer.OddPreviousSecret), "" },
        { "unknown parameters beside", ClientServer.Api, "&resource=x&scope=y" },
    };

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task Introspect_Client_IsLetIn(string name, string? authorization, string form)
    {
        using var user = await server.LoggedInAsync();

        var answer = await server.PostAsync("/auth/introspect", $"token={user.AccessToken}{form}", authorization);

        Assert.True(answer.Status == 200 && answer.Body.GetProperty("active").GetBoolean(), $"{name}: {answer.Raw}");
    }

    /// <summary>Requests that are malformed whoever sends them: the header, the form, and the code.</summary>
    public static TheoryData<string?, string, int, string> Malformed => new()
    {
        { ClientServer.Api, "token=x&client_id=api&client_secret=" + ClientServer.ApiSecret, 400, "client_authentication_repeated" },
        { ClientServer.Api, "token=x&client_secret=" + ClientServer.ApiSecret, 400, "client_authentication_repeated" },
        { "Bearer x", "token=x&client_id=api&client_secret=" + ClientServer.ApiSecret, 400, "client_authentication_repeated" },
        { ClientServer.Api, "token=x&client_id=elsewhere", 400, "client_authentication_repeated" },
        { null, "token=x&client_secret=" + ClientServer.ApiSecret, 400, "member_missing" },
        { ClientServer.Api, "", 400, "member_missing" },
        { ClientServer.Api, "token=", 400, "member_missing" },
        { ClientServer.Api, "token_type_hint=access_token", 400, "member_missing" },
        { ClientServer.Api, "token=x&token=y", 400, "member_repeated" },
        { null, "token=x&client_id=api&client_id=api&client_secret=" + ClientServer.ApiSecret, 400, "member_repeated" },
        { ClientServer.Api, "token=%zz", 400, "body_malformed" },
        { ClientServer.Api, "token=%ff", 400, "body_not_utf8" },
        { null, "", 401, "invalid_client" },
    };

    [Theory]
    [MemberData(nameof(Malformed))]
    public async Task O12_MalformedRequest_IsRefused(string? authorization, string form, int status, string code)
    {
        foreach (var route in Routes)
        {
            (await server.PostAsync(route, form, authorization)).AssertRefused(status, code, "application/json");
        }
    }

    [Fact]
    public async Task O15_TwoAuthorizationHeaders_400()
    {
        foreach (var route in Routes)
        {
            var answer = await RawRequest.SendAsync(
                server.Address,
                $"POST /api/v1{route} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n" +
                $"Authorization: {ClientServer.Api}\r\nAuthorization: {ClientServer.Api}\r\n" +
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 7\r\n\r\ntoken=x");

            Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
            Assert.Contains("\"code\":\"authorization_repeated\"", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task O11_CredentialInTheQuery_400()
    {
        foreach (var route in Routes)
        {
            foreach (var query in (string[])["token=x", "client_secret=x"])
            {
                (await server.PostAsync($"{route}?{query}", "token=x", ClientServer.Api)).AssertRefused(400, "credential_in_query", "application/json");
            }
        }
    }

    [Fact]
    public async Task O13_OtherMethodOrContentType_Refused()
    {
        using var client = server.Client();
        foreach (var route in Routes)
        {
            (await client.GetAsync(route)).AssertRefused(405, "method_not_allowed");
            Assert.Equal(415, (await client.PostAsync(route, new { token = "x" })).Status);
        }
    }

    [Fact]
    public async Task O27_ClientAndUser_AreOfTwoNamespaces()
    {
        using var user = await server.LoggedInAsync();
        var sub = (await user.MeAsync()).Text("id")!;

        // A user's id and password make no client, and a client's id and secret no user.
        Assert.Equal(401, (await server.IntrospectAsync("x", authorization: ClientServer.Basic(sub, ApiClient.Password))).Status);
        Assert.Equal(401, (await server.IntrospectAsync("x", authorization: ClientServer.Basic(Uri.EscapeDataString(user.Email), ApiClient.Password))).Status);
        (await user.TryLogInAsync(ClientServer.ApiSecret, "api")).AssertRefused(400, "invalid_credentials");
    }

    /// <summary>As RFC 6749 §2.3.1 has it: each part form-urlencoded, then joined, then base64.</summary>
    private static string Odd(string secret) =>
        "Basic " + Convert.ToBase64String(Encoding.ASCII.GetBytes($"{FormEncoded(ClientServer.OddId)}:{FormEncoded(secret)}"));

    private static string FormEncoded(string text) => Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);
}
