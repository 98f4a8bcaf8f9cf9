using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Countersign.TestServer;

/// <summary>One user of the server, with nothing but HTTP between.</summary>
internal sealed class ApiClient(Uri address, string prefix = "/api/v1") : IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = address };

    public string Email { get; set; } = $"u{Guid.CreateVersion7():N}@example.com";

    /// <summary>
    /// The password of every client that was given none of its own: of this run alone, so that it can be looked for where no password may be.
    /// </summary>
    public static string Password { get; } = $"violet umbrella {Guid.CreateVersion7():N}";

    /// <summary>The password of this client.</summary>
    public string OwnPassword { get; set; } = Password;

    public string AccessToken { get; private set; } = string.Empty;

    public string RefreshToken { get; private set; } = string.Empty;

    public void Dispose() => _http.Dispose();

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, string? bearer = null)
    {
        using var request = new HttpRequestMessage(
            method, path.StartsWith("/.", StringComparison.Ordinal) || path.StartsWith("/health", StringComparison.Ordinal) ? path : prefix + path);
        request.Content = content;
        Canaries.Add(bearer);
        if (content is not null)
        {
            Canaries.AddFrom(await content.ReadAsStringAsync());
        }

        if (bearer is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", bearer);
        }

        using var response = await _http.SendAsync(request);
        var answer = await Answer.ReadAsync(response);
        Canaries.AddFrom(answer.Raw);
        return answer;
    }

    public Task<Answer> GetAsync(string path, string? bearer = null) => SendAsync(HttpMethod.Get, path, null, bearer);

    public Task<Answer> PostAsync(string path, object? body = null, string? bearer = null) =>
        SendAsync(HttpMethod.Post, path, body is null ? null : Json(body), bearer);

    public Task<Answer> MeAsync(string? bearer = null) => GetAsync("/users/me", bearer ?? AccessToken);

    public Task<Answer> RefreshAsync(string? token = null) => PostAsync("/auth/refresh", new { refresh_token = token ?? RefreshToken });

    public async Task<Answer> RegisterAsync()
    {
        var answer = await PostAsync("/auth/register", new { email = Email, password = OwnPassword });
        Assert.Equal(201, answer.Status);
        return answer;
    }

    public Task<Answer> TryLogInAsync(string? password = null, string? username = null) =>
        PostAsync("/auth/login", new { username = username ?? Email, password = password ?? OwnPassword });

    public async Task<Answer> LogInAsync()
    {
        var answer = await TryLogInAsync();
        Assert.Equal(200, answer.Status);
        Keep(answer);
        return answer;
    }

    /// <summary>Keeps the pair of an answer, as a client does.</summary>
    public void Keep(Answer answer)
    {
        AccessToken = answer.Text("access_token")!;
        RefreshToken = answer.Text("refresh_token")!;
    }

    public static StringContent Json(object body) => Raw(JsonSerializer.Serialize(body));

    public static StringContent Raw(string body, string contentType = "application/json") => new(body, Encoding.UTF8, new MediaTypeHeaderValue(contentType));
}
