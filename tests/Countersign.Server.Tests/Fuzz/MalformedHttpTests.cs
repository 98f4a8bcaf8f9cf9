using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.Server.Tests.Fuzz;

/// <summary>
/// Requests that break HTTP itself, on raw sockets: refused or hung up on, never answered as if they were sound, and nothing behind them is taken for a request
/// of its own.
/// </summary>
public sealed partial class MalformedHttpTests(RunningServer server, ITestOutputHelper output) : IClassFixture<RunningServer>
{
    private const string Login = "{\"username\":\"nobody@example.com\",\"password\":\"not anybody's password\"}";

    [Fact]
    public async Task Server_MalformedRequests_AreRefusedOrHungUpOn()
    {
        var requests = new MalformedRequests(FuzzSeed.Value);
        var count = FuzzSeed.Requests(usual: 10 * requests.Classes, all: 40 * requests.Classes);
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        List<string> faults = [];
        var made = Enumerable.Range(0, count).Select(_ => requests.Make()).ToList();

        await Parallel.ForEachAsync(made, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, _) =>
        {
            var answer = await RawRequest.SendAsync(server.Address, request.Bytes, request.IsUnfinished);
            var statuses = StatusLine().Matches(answer).Select(static match => match.Groups["status"].Value).ToList();
            lock (faults)
            {
                var isOpen = answer.EndsWith(RawRequest.KeptOpen, StringComparison.Ordinal);
                var outcome = (statuses.Count == 0 ? "no answer" : string.Join(' ', statuses)) + (isOpen ? ", kept open" : ", hung up");
                counts[$"{request.Class}: {outcome}"] = counts.GetValueOrDefault($"{request.Class}: {outcome}") + 1;
                if (isOpen
                    || statuses.Count > 1
                    || statuses.Exists(static status => !IsRefusal(status))
                    || answer.Contains("invalid_credentials", StringComparison.Ordinal))
                {
                    faults.Add($"{request.Class}: {outcome}\n{Show(request.Bytes)}");
                }
            }
        });

        output.WriteLine($"seed {FuzzSeed.Value}, {made.Count} malformed requests in {requests.Classes} classes");
        await Artifacts.WriteAsync("malformed-http.txt", Report(made.Count, counts));
        Assert.True(made.Count >= 2000 || count < 2000);
        Assert.True(
            faults.Count == 0,
            $"seed {FuzzSeed.Value}: {faults.Count} of {made.Count}\n{string.Join('\n', faults.DistinctBy(static fault => fault.Split('\n')[0]).Take(40))}");
        await AssertWorksAsync();
    }

    [Theory]
    [InlineData("bare LF in a chunk's extension", ";\n")]
    [InlineData("text and a bare LF", ";a\n")]
    [InlineData("bare CR", ";a\rb\r\n")]
    [InlineData("LF before CRLF", ";a\n\r\n")]
    public async Task C31_LineEndInAChunkExtension_EndsTheConnection(string name, string extension)
    {
        // CVE-2025-55315: a server that reads the line end otherwise than the proxy before it takes the rest of the body for the next request.
        var request =
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
            $"{Login.Length:x}{extension}{Login}\r\n0\r\n\r\nGET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n";

        var answer = await RawRequest.SendAsync(server.Address, Encoding.ASCII.GetBytes(request), isUnfinished: false);

        var status = Assert.Single(StatusLine().Matches(answer)).Groups["status"].Value;
        Assert.True(status == "400", $"{name}: {answer}");
        Assert.DoesNotContain("live", answer, StringComparison.Ordinal);
        await AssertWorksAsync();
    }

    [Fact]
    public async Task Server_SoundRequestsOnOneConnection_AreEachAnswered()
    {
        // What the refusals above are worth: the same bytes without the fault are answered, and so is what follows.
        var request =
            "POST /api/v1/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n" +
            $"{Login.Length:x};a=b\r\n{Login}\r\n0\r\n\r\n" +
            "GET /health/live HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";

        var answer = await RawRequest.SendAsync(server.Address, Encoding.ASCII.GetBytes(request), isUnfinished: false);

        Assert.Equal(["400", "200"], StatusLine().Matches(answer).Select(static match => match.Groups["status"].Value));
        Assert.Contains("invalid_credentials", answer, StringComparison.Ordinal);
    }

    private static bool IsRefusal(string status) => status[0] == '4' || status is "501" or "505";

    private static string Show(byte[] bytes) =>
        Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 300)]).Replace("\r", "\\r", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string Report(int count, SortedDictionary<string, int> counts)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"seed {FuzzSeed.Value}, {count} malformed requests");
        foreach (var (outcome, times) in counts)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{times,6} {outcome}");
        }

        return text.ToString();
    }

    private async Task AssertWorksAsync()
    {
        using var connection = new RawConnection(server.Address);
        Assert.Equal(200, (await connection.SendAsync(new RawCall("GET", "/health/live"))).Status);
    }

    [GeneratedRegex(@"HTTP/1\.1 (?<status>\d{3}) ", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex StatusLine();
}
