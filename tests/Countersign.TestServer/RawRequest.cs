using System.Net.Sockets;
using System.Text;

namespace Countersign.TestServer;

/// <summary>Bytes on a socket, for requests that no client library would send.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Sends the bytes, and reads what is answered until the server closes the connection.</summary>
    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, patience.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using var answer = new MemoryStream();
        try
        {
            await stream.CopyToAsync(answer, patience.Token);
        }
        catch (IOException exception) when (exception.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // The server gave up on a request whose end never came. Its answer was before that, or the caller finds it missing.
        }

        return Encoding.UTF8.GetString(answer.ToArray());
    }
}
