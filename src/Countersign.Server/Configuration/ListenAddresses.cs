using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Server.Configuration;

/// <summary>The addresses to listen on, from <c>--urls</c>, <c>ASPNETCORE_URLS</c>, <c>ASPNETCORE_HTTP_PORTS</c> or the section <c>Kestrel</c>.</summary>
internal sealed class ListenAddresses
{
    /// <summary>The address that is used when no other is configured.</summary>
    public const string Default = "http://127.0.0.1:5080";

    private ListenAddresses(IReadOnlyList<string> urls, bool areLoopback, bool haveSocket)
    {
        Urls = urls;
        AreLoopback = areLoopback;
        HaveSocket = haveSocket;
    }

    /// <summary>No addresses.</summary>
    public static ListenAddresses None { get; } = new([], areLoopback: true, haveSocket: false);

    /// <summary>The addresses; empty when they are in the section <c>Kestrel</c>, which the framework reads itself.</summary>
    public IReadOnlyList<string> Urls { get; }

    /// <summary>Whether only this machine can reach the addresses.</summary>
    public bool AreLoopback { get; }

    /// <summary>Whether one of them is a Unix socket or a named pipe. Clients of these have no address.</summary>
    public bool HaveSocket { get; }

    /// <summary>Reads the addresses, and adds a fault for each that is malformed or taken.</summary>
    public static ListenAddresses Read(ConfigurationReading reading)
    {
        var configuration = reading.Configuration;
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren().ToList();
        if (endpoints.Count > 0)
        {
            return new([], ReadEndpoints(reading, endpoints), endpoints.Exists(static endpoint => IsSocket(endpoint["Url"])));
        }

        var (source, urls) = FromUrls(configuration) ?? FromPorts(configuration) ?? ("the default address", [Default]);
        var loopback = true;
        foreach (var url in urls)
        {
            loopback &= Check(reading, source, url);
        }

        return new(urls, loopback, Array.Exists(urls, IsSocket));
    }

    private static bool IsSocket(string? url)
    {
        try
        {
            return url is not null && BindingAddress.Parse(url) is { IsUnixPipe: true } or { IsNamedPipe: true };
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static (string, string[])? FromUrls(IConfiguration configuration) =>
        configuration["urls"] is { Length: > 0 } urls ? ("urls (--urls or ASPNETCORE_URLS)", Split(urls)) : null;

    private static (string, string[])? FromPorts(IConfiguration configuration)
    {
        string[] urls =
        [
            .. Split(configuration["http_ports"] ?? string.Empty).Select(port => $"http://*:{port}"),
            .. Split(configuration["https_ports"] ?? string.Empty).Select(port => $"https://*:{port}"),
        ];
        return urls.Length > 0 ? ("http_ports or https_ports (ASPNETCORE_HTTP_PORTS, ASPNETCORE_HTTPS_PORTS)", urls) : null;
    }

    private static string[] Split(string list) => list.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static bool ReadEndpoints(ConfigurationReading reading, List<IConfigurationSection> endpoints)
    {
        var loopback = true;
        foreach (var endpoint in endpoints)
        {
            if (endpoint["Url"] is { Length: > 0 } url)
            {
                loopback &= Check(reading, endpoint.Path + ":Url", url);
            }
            else
            {
                reading.FaultIn(endpoint.Path, "names no Url", "Give it one, such as http://127.0.0.1:5080");
            }
        }

        return loopback;
    }

    /// <summary>Adds the faults of one address.</summary>
    /// <returns>Whether only this machine can reach it. True for a malformed one, which has a fault already.</returns>
    private static bool Check(ConfigurationReading reading, string source, string url)
    {
        BindingAddress address;
        try
        {
            address = BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            Malformed(reading, source, url);
            return true;
        }

        var scheme = address.Scheme;
        if (!string.Equals(scheme, "http", StringComparison.OrdinalIgnoreCase) && !string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase))
        {
            Malformed(reading, source, url);
            return true;
        }

        if (address.IsUnixPipe || address.IsNamedPipe)
        {
            // A proxy stands before a socket file, and its clients are on other machines.
            return false;
        }

        if (address.Port is < 0 or > IPEndPoint.MaxPort || address.PathBase.Length > 0)
        {
            Malformed(reading, source, url);
            return true;
        }

        var local = LocalAddress(address.Host);
        if (address.Port != 0)
        {
            Probe(reading, source, url, new IPEndPoint(local ?? IPAddress.Any, address.Port));
        }

        return local is not null && IPAddress.IsLoopback(local);
    }

    private static void Malformed(ConfigurationReading reading, string source, string url) =>
        reading.FaultIn(source, $"names \"{url}\", which is not an address to listen on", "Write scheme, host and port, such as http://127.0.0.1:5080");

    /// <summary>The address that Kestrel binds for a host; null if it binds all of them.</summary>
    private static IPAddress? LocalAddress(string host) =>
        string.Equals(host, "localhost", StringComparison.OrdinalIgnoreCase) ? IPAddress.Loopback
        : IPAddress.TryParse(host, out var address) && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? address
        : null;

    /// <summary>Binds the port and releases it. Another process can still take it before the server binds it; then the server reports that itself.</summary>
    private static void Probe(ConfigurationReading reading, string source, string url, IPEndPoint endPoint)
    {
        using var socket = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(endPoint);
        }
        catch (SocketException failure)
        {
            var (problem, remedy) = failure.SocketErrorCode switch
            {
                SocketError.AddressAlreadyInUse => (
                    string.Create(CultureInfo.InvariantCulture, $"names {url}, and port {endPoint.Port} is taken by another process"),
                    "Stop that process, or choose another port with --urls, such as --urls http://127.0.0.1:5081"),
                SocketError.AccessDenied => (
                    string.Create(CultureInfo.InvariantCulture, $"names {url}, and this account may not listen on port {endPoint.Port}"),
                    "Choose a port above 1023, or give the process the right to bind it."),
                _ => ($"names {url}, which this machine can't listen on ({failure.SocketErrorCode})", "Use an address of this machine."),
            };
            reading.FaultIn(source, problem, remedy);
        }
    }
}
