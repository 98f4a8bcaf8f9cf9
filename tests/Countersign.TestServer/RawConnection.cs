using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Countersign.TestServer;

/// <summary>
/// A connection that is kept between requests, for requests that no client library would send. It opens a new one after the server has closed it.
/// </summary>
internal sealed class RawConnection(Uri address) : IDisposable
{
    private readonly byte[] _buffer = new byte[16 * 1024];
    private TcpClient? _socket;
    private NetworkStream _stream = null!;
    private int _start;
    private int _end;

    public void Dispose() => Close();

    /// <summary>Sends a request whose framing is sound, and reads its answer.</summary>
    public async Task<RawAnswer> SendAsync(RawCall call)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        var isFresh = await OpenAsync(patience.Token);
        try
        {
            return await ExchangeAsync(call, patience.Token);
        }
        catch (IOException) when (!isFresh)
        {
            // The server closed the connection between two requests, as it may.
            Close();
        }

        await OpenAsync(patience.Token);
        return await ExchangeAsync(call, patience.Token);
    }

    private async Task<RawAnswer> ExchangeAsync(RawCall call, CancellationToken cancellationToken)
    {
        var stream = _stream;

        // Beside the reading: a server that refuses a long body answers before it has read all of it, and closes.
        var writing = WriteAsync(stream, call.Write(), cancellationToken);
        var answer = await ReadAsync(call.Method, cancellationToken);
        var isClosing = string.Equals(answer.Header("Connection"), "close", StringComparison.OrdinalIgnoreCase);
        if (isClosing || !writing.IsCompleted || !await writing)
        {
            Close();
            await writing;
        }

        return answer;
    }

    private static async Task<bool> WriteAsync(NetworkStream stream, byte[] request, CancellationToken cancellationToken)
    {
        try
        {
            await stream.WriteAsync(request, cancellationToken);
            return true;
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException)
        {
            return false;
        }
    }

    private async Task<RawAnswer> ReadAsync(string method, CancellationToken cancellationToken)
    {
        var status = (await LineAsync(cancellationToken)).Split(' ', 3);
        while (status is [_, "100", ..])
        {
            // Go on, it says; the answer is still to come (RFC 9110 section 15.2).
            await LineAsync(cancellationToken);
            status = (await LineAsync(cancellationToken)).Split(' ', 3);
        }

        if (status.Length < 2 || !status[0].StartsWith("HTTP/1.", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"Not an answer: {string.Join(' ', status)}");
        }

        List<KeyValuePair<string, string>> headers = [];
        while (await LineAsync(cancellationToken) is { Length: > 0 } line)
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            headers.Add(new(line[..colon], line[(colon + 1)..].Trim()));
        }

        var answer = new RawAnswer { Status = int.Parse(status[1], CultureInfo.InvariantCulture), Headers = headers, Body = string.Empty };
        var hasBody = method != "HEAD" && answer.Status is not (204 or 304);
        var length = answer.Header("Content-Length") is { } text ? int.Parse(text, CultureInfo.InvariantCulture) : 0;
        var bytes = !hasBody ? []
            : answer.Header("Transfer-Encoding") is not null ? await ChunksAsync(cancellationToken)
            : await BytesAsync(length, cancellationToken);
        var body = Encoding.UTF8.GetString(bytes);
        Canaries.AddFrom(body);
        return new RawAnswer { Status = answer.Status, Headers = headers, Body = body };
    }

    private async Task<byte[]> ChunksAsync(CancellationToken cancellationToken)
    {
        List<byte> body = [];
        while (int.Parse(await LineAsync(cancellationToken), NumberStyles.HexNumber, CultureInfo.InvariantCulture) is var length and > 0)
        {
            body.AddRange(await BytesAsync(length, cancellationToken));
            await LineAsync(cancellationToken);
        }

        await LineAsync(cancellationToken);
        return [.. body];
    }

    private async Task<string> LineAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        while (true)
        {
            await FillAsync(cancellationToken);
            var next = _buffer[_start++];
            if (next == '\n')
            {
                return Encoding.Latin1.GetString(line.ToArray()).TrimEnd('\r');
            }

            line.Add(next);
        }
    }

    private async Task<byte[]> BytesAsync(int count, CancellationToken cancellationToken)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            await FillAsync(cancellationToken);
            var taken = Math.Min(count - filled, _end - _start);
            _buffer.AsSpan(_start, taken).CopyTo(bytes.AsSpan(filled));
            _start += taken;
            filled += taken;
        }

        return bytes;
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        if (_start < _end)
        {
            return;
        }

        _start = 0;
        _end = await _stream.ReadAsync(_buffer, cancellationToken);
        if (_end == 0)
        {
            throw new EndOfStreamException("The server closed the connection without an answer.");
        }
    }

    private async Task<bool> OpenAsync(CancellationToken cancellationToken)
    {
        if (_socket is not null)
        {
            return false;
        }

        _socket = new TcpClient { NoDelay = true };
        await _socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        _stream = _socket.GetStream();
        _start = _end = 0;
        return true;
    }

    private void Close()
    {
        _socket?.Dispose();
        _socket = null;
    }
}
