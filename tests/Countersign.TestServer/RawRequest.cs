using System.Net.Sockets;
using System.Text;

namespace Countersign.TestServer;

/// <summary>Bytes on a socket, for requests that no client library would send.</summary>
internal static class RawRequest
{
    /// <summary>What stands behind an answer after which the server has waited for more until the patience ended.</summary>
    public const string KeptOpen = "\n(the connection was kept open)";

    /// <summary>Sends the bytes, and reads what is answered until the server closes the connection.</summary>
    public static Task<string> SendAsync(Uri address, string request) => SendAsync(address, Encoding.ASCII.GetBytes(request), isUnfinished: false);

    /// <summary>The same with bytes.</summary>
    /// <param name="address">The server.</param>
    /// <param name="request">What is sent.</param>
    /// <param name="isUnfinished">Whether the client's side is closed then, as when a client dies in the middle of a request.</param>
    public static async Task<string> SendAsync(Uri address, ReadOnlyMemory<byte> request, bool isUnfinished)
    {
        using var patience = new CancellationTokenSource(Patience.Limit);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, patience.Token);
        var stream = socket.GetStream();
        using var answer = new MemoryStream();
        try
        {
            await stream.WriteAsync(request, patience.Token);
            if (isUnfinished)
            {
                socket.Client.Shutdown(SocketShutdown.Send);
            }

            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException exception) when (
            exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset or SocketError.Shutdown })
        {
            // The server gave up on a request whose end never came. Its answer was before that, or the caller finds it missing.
        }
        catch (OperationCanceledException)
        {
            return Encoding.UTF8.GetString(answer.ToArray()) + KeptOpen;
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
