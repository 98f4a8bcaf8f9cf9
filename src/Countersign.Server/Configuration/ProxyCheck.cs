using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Countersign.Server.Configuration;

/// <summary>The trusted proxies. They say where a request comes from, and whether it came over https.</summary>
internal static class ProxyCheck
{
    private const string Key = "Auth:TrustedProxies";
    private const string Remedy = "Write the proxy's IP address or its network, such as 10.0.0.5 or 10.0.0.0/24.";

    // The widest networks in private use: 10.0.0.0/8 (RFC 1918) and fd00::/8 (RFC 4193 §3.1). A wider network contains strangers. The platform also
    // considers IPv4-mapped addresses whose first bits are 0 to be members of any IPv6 network. From /8 on, these are 0.0.0.0/8, which is not in use.
    private const int WidestIPv4 = 8;
    private const int WidestIPv6 = 8;

    // On a socket for both families, IPv4 clients have this prefix (RFC 4291 §2.5.5.2).
    private const int MappedLength = 96;
    private static readonly IPAddress Mapped = IPAddress.Parse("::ffff:0.0.0.0");

    /// <summary>Reads the proxies, each as a network. Faulty ones are reported and left out.</summary>
    public static IReadOnlyList<IPNetwork> Run(ConfigurationReading reading)
    {
        List<IPNetwork> proxies = [];
        foreach (var (key, value) in reading.Members(Key))
        {
            if (TryParse(value, out var proxy, out var problem))
            {
                proxies.Add(proxy);
            }
            else
            {
                reading.Fault(key, problem.Problem, problem.Remedy);
            }
        }

        return proxies;
    }

    /// <summary>Adds a fault if the framework's own switch is on: it trusts the forwarded headers of every client.</summary>
    public static void RefuseFrameworkSwitch(ConfigurationReading reading)
    {
        // Read it like the framework, from any source.
        if (string.Equals(reading.Configuration["ForwardedHeaders_Enabled"], "true", StringComparison.OrdinalIgnoreCase))
        {
            reading.FaultIn(
                "ASPNETCORE_FORWARDEDHEADERS_ENABLED",
                "is true, which lets every client say where it comes from and that it came over https",
                $"Remove it, and list the proxies in {Key}:0, {Key}:1, …");
        }
    }

    /// <summary>Adds a fault for a socket without a proxy: all its clients would share the limits of one network.</summary>
    public static void RequireForSockets(ConfigurationReading reading, ListenAddresses addresses)
    {
        if (addresses.HaveSocket && !reading.Configuration.GetSection(Key).GetChildren().Any())
        {
            reading.Fault(
                Key,
                "is missing, and the server listens on a Unix socket or a named pipe, where no client has an address",
                $"Set {Key}:0 to 127.0.0.1, so that X-Forwarded-For of the proxy on that socket counts, and let no other process open the socket.");
        }
    }

    private static bool TryParse(string value, out IPNetwork proxy, out SettingProblem problem)
    {
        proxy = default;
        problem = new SettingProblem($"is \"{value}\", which is neither an IP address nor a network", Remedy);
        var slash = value.IndexOf('/', StringComparison.Ordinal);
        var text = slash < 0 ? value : value[..slash];

        // The platform also parses "10.1" and "0x0a000001" as addresses. A scope ("%eth0") has another meaning on each machine.
        if (!IPAddress.TryParse(text, out var address)
            || text.Contains('%', StringComparison.Ordinal)
            || (address.AddressFamily == AddressFamily.InterNetwork && !string.Equals(address.ToString(), text, StringComparison.Ordinal)))
        {
            return false;
        }

        if (slash < 0)
        {
            return TryParseAddress(value, address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address, out proxy, ref problem);
        }

        var longest = address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128;
        return int.TryParse(value.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
            && length <= longest
            && TryParseNetwork(value, address, length, out proxy, ref problem);
    }

    private static bool TryParseAddress(string value, IPAddress address, out IPNetwork proxy, ref SettingProblem problem)
    {
        proxy = default;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            problem = new SettingProblem($"is \"{value}\", which is not the address of a machine", Remedy);
            return false;
        }

        proxy = new IPNetwork(address, address.AddressFamily == AddressFamily.InterNetwork ? 32 : 128);
        return true;
    }

    private static bool TryParseNetwork(string value, IPAddress address, int length, out IPNetwork proxy, ref SettingProblem problem)
    {
        proxy = default;
        var first = First(address, length);
        if (!first.Equals(address))
        {
            problem = new SettingProblem(
                $"is \"{value}\", whose address has bits beyond its prefix",
                string.Create(CultureInfo.InvariantCulture, $"Write {first}/{length} for the network, or {address} for the one machine."));
            return false;
        }

        if (length < (address.AddressFamily == AddressFamily.InterNetwork ? WidestIPv4 : WidestIPv6))
        {
            problem = new SettingProblem(
                $"is \"{value}\", which trusts strangers: every machine in it could forge where a request comes from",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"List the proxies themselves; a network has at least the prefix /{WidestIPv4} (IPv6: /{WidestIPv6})."));
            return false;
        }

        var common = Math.Min(length, MappedLength);
        if (address.AddressFamily == AddressFamily.InterNetworkV6 && First(address, common).Equals(First(Mapped, common)))
        {
            problem = new SettingProblem($"is \"{value}\", which holds IPv4 addresses", "Write the IPv4 network itself, such as 10.0.0.0/24.");
            return false;
        }

        proxy = new IPNetwork(address, length);
        return true;
    }

    /// <summary>The first address of the network: all bits after the prefix are 0.</summary>
    private static IPAddress First(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var index = 0; index < bytes.Length; index++)
        {
            var kept = Math.Clamp(length - (8 * index), 0, 8);
            bytes[index] &= (byte)(0xFF << (8 - kept));
        }

        return new IPAddress(bytes);
    }
}
