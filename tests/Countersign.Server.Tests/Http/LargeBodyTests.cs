using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Countersign.Server.Tests.Http;

/// <summary>
/// A client that sends its whole body before it reads gets the answer that refuses it. Most clients do so, and lose the answer if the server closes the
/// connection while they send (RFC 9112 §9.6).
/// </summary>
public sealed class LargeBodyTests(RunningServer server) : IClassFixture<RunningServer>
{
    private const string Login = "/api/v1/auth/login";

    public static MatrixTheoryData<int, bool, bool> Bodies => new([(64 * 1024) + 1, 1_000_000, 30_000_000], [false, true], [false, true]);

    [Theory]
    [MemberData(nameof(Bodies))]
    public async Task Post_BodyTooLarge_AnswerReachesTheClient(int bytes, bool chunked, bool expectContinue)
    {
        var (status, answer) = await PostAsync(Login, "application/json", bytes, chunked, expectContinue);

        Assert.Equal(413, status);
        Assert.Contains("\"code\":\"body_too_large\"", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/nothing", "application/json", 404, "not_found")]
    [InlineData("/health/live", "application/json", 405, "method_not_allowed")]
    [InlineData("/api/v1/auth/change-password", "application/json", 401, "credential_missing")]
    [InlineData(Login, "text/plain", 415, "content_type_unsupported")]
    public async Task Post_RefusedBeforeTheBodyIsRead_AnswerReachesTheClient(string path, string contentType, int expected, string code)
    {
        var (status, answer) = await PostAsync(path, contentType, 1_000_000 * 20, chunked: false, expectContinue: false);

        Assert.True(status == expected, $"{status} {answer}");
        Assert.Contains($"\"code\":\"{code}\"", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ChunksWithoutEnd_AreReadUpToABound()
    {
        const int Bound = 32 * 1024 * 1024;
        const int Buffers = 16 * 1024 * 1024;
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(server.Address.Host, server.Address.Port, patience.Token);
        var stream = socket.GetStream();
        var head = $"POST {Login} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head), patience.Token);
        var chunk = Encoding.ASCII.GetBytes($"{64 * 1024:x}\r\n{new string('x', 64 * 1024)}\r\n");
        long sent = 0;

        var ended = await Record.ExceptionAsync(async () =>
        {
            while (sent < 4L * Bound)
            {
                await stream.WriteAsync(chunk, patience.Token);
                sent += chunk.Length;
            }
        });

        Assert.IsType<IOException>(ended);
        Assert.InRange(sent, 0, Bound + Buffers);
    }

    private async Task<(int Status, string Answer)> PostAsync(string path, string contentType, int bytes, bool chunked, bool expectContinue)
    {
        using var client = new HttpClient { BaseAddress = server.Address, Timeout = Patience.Limit };
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new ByteArrayContent(new byte[bytes]) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        request.Headers.TransferEncodingChunked = chunked;
        request.Headers.ExpectContinue = expectContinue;
        using var response = await client.SendAsync(request);
        return ((int)response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
