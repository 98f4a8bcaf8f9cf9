using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Limits;

/// <summary>The address that a request comes from, as far as the server knows it: forwarded headers count only if the app has configured its proxies.</summary>
/// <param name="Network">The narrowest network that limits count: an IPv4 address, or the /64 of an IPv6 address, which is one link. Null if unknown.</param>
/// <param name="Address">The whole address; null if unknown.</param>
/// <param name="UserAgent">The header <c>User-Agent</c>; null if none was sent.</param>
internal readonly record struct ClientAddress(string? Network, string? Address, string? UserAgent)
{
    /// <summary>The network and the site of all requests whose address is not known.</summary>
    public const string Unknown = "unknown";

    private const int LinkBits = 64;

    /// <summary>The prefix that a provider gives a household (RIPE-690 §4.2). The household keeps it when its devices change their addresses.</summary>
    private const int SiteBits = 56;

    /// <summary>The network that a place in the password engine's queue is counted against. All requests without an address share one.</summary>
    public string QueueNetwork => Network ?? Unknown;

    /// <summary>The site: the IPv4 address, or the /56 of an IPv6 address, such as <c>2001:db8:1:ff00::/56</c>. Null if unknown.</summary>
    public string? Site => SiteOf(Address);

    /// <summary>Reads the connection's remote address and the <c>User-Agent</c>.</summary>
    public static ClientAddress From(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return From(context.Connection.RemoteIpAddress, agent.Length == 0 ? null : agent);
    }

    /// <summary>The site of an address as text, as in a session's row; null if the text is null or not an address.</summary>
    public static string? SiteOf(string? address) => IPAddress.TryParse(address, out var parsed) ? Prefix(parsed, SiteBits) : null;

    internal static ClientAddress From(IPAddress? address, string? userAgent) => address is null
        ? new ClientAddress(null, null, userAgent)
        : new ClientAddress(Prefix(address, LinkBits), Prefix(address, bits: null), userAgent);

    /// <summary>The network of an address: the first bits of an IPv6 address and their number; an IPv4 address as it is.</summary>
    /// <param name="address">The address.</param>
    /// <param name="bits">How many bits of an IPv6 address name the network, a multiple of 8; null for the whole address.</param>
    internal static string Prefix(IPAddress address, int? bits)
    {
        // A client has one address, whether the socket that accepted it uses IPv4 or both.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return plain.ToString();
        }

        // The text is made from the bytes, so a scope id ("%eth0") is never part of it.
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan((bits / 8) ?? bytes.Length).Clear();
        var text = new IPAddress(bytes).ToString();
        return bits is null ? text : $"{text}/{bits}";
    }
}
