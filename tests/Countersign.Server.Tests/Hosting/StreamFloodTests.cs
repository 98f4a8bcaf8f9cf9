using System.Net;

namespace Countersign.Server.Tests.Hosting;

/// <summary>HTTP/2 on one connection: more requests than it may have at once, and each given up at once (CVE-2023-44487).</summary>
public sealed class StreamFloodTests(StreamFloodTests.Server server) : IClassFixture<StreamFloodTests.Server>
{
    private const int AtOnce = 80;

    [Fact]
    public async Task Requests_BegunAndResetInNumbers_DoNotStopTheOthers()
    {
        using var attacker = Client();
        Assert.Equal(HttpStatusCode.OK, (await attacker.SendAsync(Request(HttpMethod.Get, "/health/live"))).StatusCode);

        var begun = 0;
        for (var wave = 0; wave < 10; wave++)
        {
            using var reset = new CancellationTokenSource();
            List<EndlessContent> bodies = [.. Enumerable.Range(0, AtOnce).Select(static _ => new EndlessContent())];
            var requests = bodies.Select(async body =>
            {
                using var request = Request(HttpMethod.Post, "/api/v1/auth/login");
                request.Content = body;
                using var answer = await attacker.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, reset.Token);
            }).Select(FailureOf).ToList();

            // Each stream is open before any is reset, or its connection was ended by the server.
            await Task.WhenAll(bodies.Zip(requests, static (body, request) => Task.WhenAny(body.Begun, request)));
            begun += bodies.Count(static body => body.Begun.IsCompleted);
            await reset.CancelAsync();
            Assert.All(
                await Task.WhenAll(requests), failure => Assert.True(failure is OperationCanceledException or HttpRequestException, failure?.ToString()));
        }

        Assert.True(begun >= AtOnce, "No stream was opened.");

        using var other = Client();
        using var live = await other.SendAsync(Request(HttpMethod.Get, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    private static async Task<Exception?> FailureOf(Task task)
    {
        try
        {
            await task;
            return null;
        }
        catch (Exception failure)
        {
            return failure;
        }
    }

    private static HttpRequestMessage Request(HttpMethod method, string path) =>
        new(method, path) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact };

    private HttpClient Client() => new() { BaseAddress = server.Address };

    /// <summary>A body that begins and never ends.</summary>
    private sealed class EndlessContent : HttpContent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public EndlessContent() => Headers.ContentType = new("application/json");

        /// <summary>Its first byte was sent.</summary>
        public Task Begun => _begun.Task;

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
        {
            await stream.WriteAsync("{"u8.ToArray(), cancellationToken);
            await stream.FlushAsync(cancellationToken);
            _begun.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    /// <summary>A server that speaks HTTP/2 without TLS.</summary>
    public sealed class Server : RunningServer
    {
        protected override IReadOnlyDictionary<string, string> Environment { get; } = Settings(("Kestrel__EndpointDefaults__Protocols", "Http2"));

        // Kestrel ends a connection whose client resets faster than it can answer, and logs that as critical. Whether that happens depends on the machine.
        protected override bool IsExpectedFailure(string line) => line.Contains("exceeded the output operations maximum queue size", StringComparison.Ordinal);
    }
}
