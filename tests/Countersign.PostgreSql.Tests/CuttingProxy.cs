using System.Net;
using System.Net.Sockets;

namespace Countersign.PostgreSql.Tests;

/// <summary>Stands between a node and the database, and cuts a connection when its answer is on the way.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly int _target;
    private readonly Task _accepting;
    private int _answersLeft = int.MaxValue;
    private int _cutsAtCommit;

    public CuttingProxy(int target)
    {
        _target = target;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Lets so many answers of the database through, on whatever connection, and then swallows one and cuts its connection.</summary>
    public void CutAfter(int answers) => Volatile.Write(ref _answersLeft, answers);

    /// <summary>Swallows the next answer that says that a transaction is committed, on whatever connection, and cuts that.</summary>
    public void CutAtCommit() => Volatile.Write(ref _cutsAtCommit, 1);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
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
                connections.Add(ForwardAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(connections);
        }
    }

    private async Task ForwardAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient { NoDelay = true })
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _target, _stopping.Token);
                await Task.WhenAny(
                    CopyAsync(client.GetStream(), server.GetStream(), isAnswer: false),
                    CopyAsync(server.GetStream(), client.GetStream(), isAnswer: true));
            }
            catch (Exception failure) when (failure is OperationCanceledException or SocketException)
            {
                // The test is over.
            }
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, bool isAnswer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _stopping.Token) is var read && read > 0)
            {
                if (isAnswer && buffer.AsSpan(0, read).IndexOf("COMMIT\0"u8) >= 0 && Interlocked.Exchange(ref _cutsAtCommit, 0) == 1)
                {
                    return;
                }

                if (isAnswer && Interlocked.Decrement(ref _answersLeft) == -1)
                {
                    Volatile.Write(ref _answersLeft, int.MaxValue);
                    return;
                }

                await to.WriteAsync(buffer.AsMemory(0, read), _stopping.Token);
            }
        }
        catch (Exception failure) when (failure is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // Either side has gone.
        }
    }
}
