using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// A server with three confidential clients: of the service's audience, of another one, and one with odd characters and a secret that is being replaced.
/// </summary>
public class ClientServer : RunningServer
{
    public const string Audience = "https://api.example.com";
    public const string ApiSecret = "mHcWq0eVt3dZk2Jw7yT1uRb5nXs9pLf4aGi6oKcQxE8";
    public const string ElsewhereSecret = "Zp4tYv8sBn1mKq7wLr3xCj6hDf0gAe2uTi5oPb9nVkM";
    public const string OddId = "odd id+%41";
    public const string OddSecret = "s:e c+r%C3%A9&t=\u00e9";
    public const string OddPreviousSecret = "an earlier one";

    private static readonly HttpClient Http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(
        ("Auth__Audience", Audience),
        ("Auth__Clients__0__Id", "api"),
        ("Auth__Clients__0__SecretHash", Hash(ApiSecret)),
        ("Auth__Clients__0__Audiences__0", Audience),
        ("Auth__Clients__1__Id", "elsewhere"),
        ("Auth__Clients__1__SecretHash", Hash(ElsewhereSecret)),
        ("Auth__Clients__1__Audiences__0", "https://elsewhere.example.com"),
        ("Auth__Clients__2__Id", OddId),
        ("Auth__Clients__2__SecretHash", Hash(OddSecret)),
        ("Auth__Clients__2__PreviousSecretHash", Hash(OddPreviousSecret)),
        ("Auth__Clients__2__Audiences__0", "https://elsewhere.example.com"),
        ("Auth__Clients__2__Audiences__1", Audience));

    /// <summary>The header of a client that encodes nothing, which is enough for ids and secrets of letters and digits.</summary>
    internal static string Basic(string id, string secret) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{secret}"));

    /// <summary>The client of the service's audience.</summary>
    internal static string Api => Basic("api", ApiSecret);

    /// <summary>The client of another audience.</summary>
    internal static string Elsewhere => Basic("elsewhere", ElsewhereSecret);

    internal Task<Answer> IntrospectAsync(string token, string more = "", string? authorization = null) =>
        PostAsync("/auth/introspect", $"token={Uri.EscapeDataString(token)}{more}", authorization ?? Api);

    internal Task<Answer> RevokeAsync(string token, string more = "", string? authorization = null) =>
        PostAsync("/auth/revoke", $"token={Uri.EscapeDataString(token)}{more}", authorization);

    /// <summary>Sends a form.</summary>
    internal async Task<Answer> PostAsync(string path, string form, string? authorization)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, "/api/v1" + path));
        request.Content = new StringContent(form, Encoding.UTF8, new MediaTypeHeaderValue("application/x-www-form-urlencoded"));
        if (authorization is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Authorization", authorization));
        }

        using var response = await Http.SendAsync(request);
        return await Answer.ReadAsync(response);
    }

    /// <summary>What a client sees of an answer.</summary>
    internal static (int, string, string?, string?, string?) Whole(Answer answer) =>
        (answer.Status, answer.Raw, answer.ContentType, answer.Challenge, answer.CacheControl);

    internal static string Hash(string secret) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(secret)));
}
