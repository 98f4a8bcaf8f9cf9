using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using Countersign.Benchmarks.Measurement;

namespace Countersign.Benchmarks.Refresh;

/// <summary>Clients in a closed loop. As soon as a client has an answer, it sends the refresh token of that answer.</summary>
/// <param name="address">The refresh route.</param>
/// <param name="member">The name of the token's member in request and answer.</param>
/// <param name="tokens">A token for each client.</param>
internal sealed class RefreshLoad(Uri address, string member, string[] tokens) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { UseProxy = false, UseCookies = false, PooledConnectionLifetime = Timeout.InfiniteTimeSpan });
    private readonly byte[] _before = Encoding.ASCII.GetBytes($"\"{member}\":\"");

    /// <summary>The share of its core that this process used in the busiest turn. If it is near 1, the generator is measured and not the server.</summary>
    public double BusiestGenerator { get; private set; }

    public void Dispose() => _http.Dispose();

    /// <summary>Runs for the given time.</summary>
    public async Task<Sample> TakeAsync(TimeSpan length)
    {
        using var process = Process.GetCurrentProcess();
        var used = process.TotalProcessorTime;
        long started = Stopwatch.GetTimestamp();
        int[] counts = await Task.WhenAll(Enumerable.Range(0, tokens.Length).Select(client => Task.Run(() => LoopAsync(client, started, length))));
        var took = Stopwatch.GetElapsedTime(started);
        process.Refresh();
        BusiestGenerator = Math.Max(BusiestGenerator, (process.TotalProcessorTime - used) / took);
        return new Sample(took.TotalNanoseconds / counts.Sum(), double.NaN);
    }

    private async Task<int> LoopAsync(int client, long started, TimeSpan length)
    {
        int count = 0;
        while (Stopwatch.GetElapsedTime(started) < length)
        {
            using var content = new ByteArrayContent(Encoding.ASCII.GetBytes($"{{\"{member}\":\"{tokens[client]}\"}}"));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await _http.PostAsync(address, content);
            byte[] body = await answer.Content.ReadAsByteArrayAsync();
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(
                    string.Create(CultureInfo.InvariantCulture, $"{address} answered {(int)answer.StatusCode}: {Encoding.UTF8.GetString(body)}"));
            }

            tokens[client] = Find(body);
            count++;
        }

        return count;
    }

    private string Find(byte[] body)
    {
        int from = body.AsSpan().IndexOf(_before) + _before.Length;
        return Encoding.ASCII.GetString(body.AsSpan(from, body.AsSpan(from).IndexOf((byte)'"')));
    }
}
