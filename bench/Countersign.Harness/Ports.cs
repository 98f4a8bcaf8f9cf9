using System.Net;
using System.Net.Sockets;

namespace Countersign.Harness;

/// <summary>Ports of the loopback address that a process can use again.</summary>
public static class Ports
{
    /// <summary>Below the ports that the system gives to clients, so that no client takes a port while its process is stopped.</summary>
    private const int First = 10_000;

    private const int Count = 20_000;

    private static readonly Random Source = new(Environment.ProcessId);

    /// <summary>An address on a port that is free now.</summary>
    public static Uri FreeAddress() => new($"http://127.0.0.1:{Free()}");

    private static int Free()
    {
        while (true)
        {
            int port;
            lock (Source)
            {
                port = First + Source.Next(Count);
            }

            using var listener = new TcpListener(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Another process has it.
            }
        }
    }
}
