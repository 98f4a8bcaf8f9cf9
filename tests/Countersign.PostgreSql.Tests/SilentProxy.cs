using System.Net;
using System.Net.Sockets;

namespace Countersign.PostgreSql.Tests;

/// <summary>A way to a server that can go silent as a firewall does which has forgotten a connection: nothing breaks, and nothing arrives.</summary>
internal sealed class SilentProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly IPEndPoint _server;
    private readonly Task _accepting;
    private int _silentUpTo;
    private int _accepted;

    public SilentProxy(IPEndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How many connections have come.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Forwards nothing more on the connections that there are; those that come afterwards work.</summary>
    public void ForgetConnections() => Volatile.Write(ref _silentUpTo, Accepted);

    /// <summary>Forwards nothing at all, on whichever connection.</summary>
    public void FallSilent() => Volatile.Write(ref _silentUpTo, int.MaxValue);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                connections.Add(ConnectAsync(client, Interlocked.Increment(ref _accepted)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ConnectAsync(TcpClient client, int number)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server, _stopping.Token);
                await Task.WhenAny(ForwardAsync(client, server, number), ForwardAsync(server, client, number));
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException or SocketException)
            {
            }
        }
    }

    private async Task ForwardAsync(TcpClient from, TcpClient to, int number)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is > 0 and var count)
            {
                if (number > Volatile.Read(ref _silentUpTo))
                {
                    await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
                }
            }

            if (number <= Volatile.Read(ref _silentUpTo))
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, _stopping.Token);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or ObjectDisposedException)
        {
        }
    }
}
