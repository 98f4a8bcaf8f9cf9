using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Countersign.Conformance.Nodes.Proxying;

namespace Countersign.Conformance.Nodes;

/// <summary>
/// A proxy between the nodes and their PostgreSQL, on loopback. It passes everything on, can refuse and break connections as if the database were down, and can
/// stop between two messages to do something first.
/// </summary>
internal sealed class PostgreSqlProxy : IAsyncDisposable
{
    // The codes of requests before a session: "Message Formats", SSLRequest and GSSENCRequest.
    private const int SslRequest = 80877103;
    private const int GssRequest = 80877104;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<Socket, byte> _sockets = [];
    private readonly CancellationTokenSource _ending = new();
    private readonly int _database;
    private readonly Task _accepting;
    private Trap? _trap;
    private volatile bool _isAway;

    /// <param name="database">The port of the database.</param>
    public PostgreSqlProxy(int database)
    {
        _database = database;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Breaks every connection, and accepts none.</summary>
    public void GoAway()
    {
        _isAway = true;
        foreach (var socket in _sockets.Keys)
        {
            socket.Close(timeout: 0);
        }
    }

    public void ComeBack() => _isAway = false;

    /// <summary>Stops the first connection that reaches a point from now on, permanently, and runs an action then.</summary>
    /// <param name="point">The point.</param>
    /// <param name="action">The action. The message waits meanwhile and is never passed on.</param>
    /// <returns>Completes when the action has run.</returns>
    public Task StopAtAsync(KillPoint point, Action action)
    {
        var trap = new Trap(point, action);
        Volatile.Write(ref _trap, trap);
        return trap.Sprung;
    }

    /// <summary>Removes the stop.</summary>
    public void StopNowhere() => Volatile.Write(ref _trap, null);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        _listener.Stop();
        GoAway();
        await _accepting;
        _listener.Dispose();
        _ending.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                var client = await _listener.AcceptSocketAsync(_ending.Token);
                if (_isAway)
                {
                    client.Close(timeout: 0);
                }
                else
                {
                    _ = ServeAsync(client);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The proxy ends, or a client disconnected before it was accepted.
            }
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var database = new Socket(SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            _sockets.TryAdd(client, 0);
            _sockets.TryAdd(database, 0);
            try
            {
                client.NoDelay = database.NoDelay = true;
                await database.ConnectAsync(IPAddress.Loopback, _database);
                if (await GreetAsync(client, database))
                {
                    var watch = new ConnectionWatch();
                    await Task.WhenAny(PumpAsync(client, database, watch.ToDatabase), PumpAsync(database, client, watch.FromDatabase));
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException or InvalidDataException)
            {
                // Either side has disconnected, or the proxy has closed the connection.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
                _sockets.TryRemove(database, out _);
            }
        }
    }

    /// <summary>Passes the start message on, the only message without a type, and refuses encryption as the database would.</summary>
    private static async Task<bool> GreetAsync(Socket client, Socket database)
    {
        byte[] head = new byte[8];
        while (await ReadAllAsync(client, head))
        {
            int length = BinaryPrimitives.ReadInt32BigEndian(head);
            if (BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(4)) is SslRequest or GssRequest)
            {
                await client.SendAsync("N"u8.ToArray());
                continue;
            }

            byte[] rest = new byte[length - head.Length];
            if (!await ReadAllAsync(client, rest))
            {
                return false;
            }

            await SendAllAsync(database, head);
            await SendAllAsync(database, rest);
            return true;
        }

        return false;
    }

    private async Task PumpAsync(Socket from, Socket to, Func<Frame, KillPoint?> look)
    {
        byte[] buffer = new byte[64 * 1024];
        var reader = new FrameReader();
        while (await from.ReceiveAsync(buffer) is > 0 and var count)
        {
            foreach (var frame in reader.Read(buffer.AsSpan(0, count)))
            {
                if (look(frame) is { } point
                    && Volatile.Read(ref _trap) is { } trap
                    && trap.Point == point
                    && Interlocked.CompareExchange(ref _trap, null, trap) == trap)
                {
                    trap.Spring();
                    return;
                }

                await SendAllAsync(to, frame.Bytes);
            }
        }
    }

    private static async Task<bool> ReadAllAsync(Socket socket, Memory<byte> into)
    {
        while (into.Length > 0)
        {
            int count = await socket.ReceiveAsync(into);
            if (count == 0)
            {
                return false;
            }

            into = into[count..];
        }

        return true;
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private sealed class Trap(KillPoint point, Action action)
    {
        private readonly TaskCompletionSource _sprung = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public KillPoint Point => point;

        public Task Sprung => _sprung.Task;

        public void Spring()
        {
            action();
            _sprung.SetResult();
        }
    }
}
