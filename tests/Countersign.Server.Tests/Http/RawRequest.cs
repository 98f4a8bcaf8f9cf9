using System.Net.Sockets;
using System.Text;

namespace Countersign.Server.Tests.Http;

/// <summary>Bytes on a socket, for requests that no client library would send.</summary>
internal static class RawRequest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task<string> SendAsync(Uri address, string request)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var socket = new TcpClient();
        await socket.ConnectAsync(address.Host, address.Port, patience.Token);
        var stream = socket.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), patience.Token);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(patience.Token);
    }
}
