using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Countersign.Harness;

namespace Countersign.LoadGenerator;

/// <summary>The requests of the measurements.</summary>
internal sealed class Client(Uri address, TimeSpan timeout) : IDisposable
{
    private const string Password = "violet umbrella orbit";

    /// <summary>The most open requests. Requests that are due beyond that count as lost.</summary>
    private const int MostOpen = 1000;

    private const int MostAttempts = 20;

    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseProxy = false, UseCookies = false, PooledConnectionLifetime = Timeout.InfiniteTimeSpan })
    {
        BaseAddress = new Uri(address, "/api/v1/"), Timeout = timeout,
    };

    private int _open;

    public int Open => Volatile.Read(ref _open);

    public void Dispose() => _http.Dispose();

    /// <summary>Makes an account. On a slow machine the queue may be full for a while.</summary>
    public async Task RegisterAsync(int account)
    {
        for (int attempt = 1; ; attempt++)
        {
            using var answer = await _http.PostAsJsonAsync("auth/register", new { email = Email(account), password = Password });
            if (answer.StatusCode != HttpStatusCode.ServiceUnavailable || attempt == MostAttempts)
            {
                answer.EnsureSuccessStatusCode();
                return;
            }

            await Task.Delay(answer.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1));
        }
    }

    /// <summary>Makes one login and returns how long it took.</summary>
    public async Task<(HttpStatusCode Status, TimeSpan Took)> TimeLogInAsync(string username, string password)
    {
        using var content = new FormUrlEncodedContent([new("username", username), new("password", password)]);
        long started = Stopwatch.GetTimestamp();
        using var answer = await _http.PostAsync("auth/login", content);
        return (answer.StatusCode, Stopwatch.GetElapsedTime(started));
    }

    /// <summary>Logs in and returns the access token.</summary>
    public async Task<string> LogInAsync(int account)
    {
        using var answer = await _http.PostAsync("auth/login", Form(account));
        answer.EnsureSuccessStatusCode();
        return TokenPair.TryRead(JsonElement.Parse(await answer.Content.ReadAsStringAsync()))!.Access;
    }

    public async Task TryLogInAsync(int account, long due, Answers answers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "auth/login");
        request.Content = Form(account);
        await SendAsync(request, due, answers);
    }

    public async Task MeAsync(string token, long due, Answers answers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "users/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        await SendAsync(request, due, answers);
    }

    /// <summary>Waits until no request is open, at most as long as a request may take.</summary>
    public async Task DrainAsync()
    {
        long started = Stopwatch.GetTimestamp();
        while (Open > 0 && Stopwatch.GetElapsedTime(started) < timeout)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
    }

    public static string Email(int account) => $"u{account}@example.com";

    private static FormUrlEncodedContent Form(int account) => new(
    [
        new KeyValuePair<string, string>("username", Email(account)),
        new KeyValuePair<string, string>("password", Password),
    ]);

    private async Task SendAsync(HttpRequestMessage request, long due, Answers answers)
    {
        if (Interlocked.Increment(ref _open) > MostOpen)
        {
            Interlocked.Decrement(ref _open);
            answers.AddLost();
            return;
        }

        try
        {
            using var answer = await _http.SendAsync(request);
            answers.Add(answer.StatusCode, due);
            if (answer.StatusCode == HttpStatusCode.ServiceUnavailable && answer.Headers.RetryAfter?.Delta is not { TotalSeconds: >= 1 })
            {
                answers.AddMalformed();
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException)
        {
            answers.AddLost();
        }
        finally
        {
            Interlocked.Decrement(ref _open);
        }
    }
}
