using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.SignIn;

/// <summary>From where a request comes, as far as the server knows: forwarded headers count only where the app has configured its proxies.</summary>
/// <param name="Network">What limits are counted against: an IPv4 address, or the /64 of an IPv6 address, which is what one subscriber gets. Null if unknown.</param>
/// <param name="Address">The whole address; null if unknown.</param>
/// <param name="UserAgent">The header <c>User-Agent</c>; null if none was sent.</param>
internal readonly record struct ClientAddress(string? Network, string? Address, string? UserAgent)
{
    private const int PrefixBytes = 8;

    /// <summary>Reads the connection's remote address and the <c>User-Agent</c>.</summary>
    public static ClientAddress From(HttpContext context)
    {
        var agent = context.Request.Headers.UserAgent.ToString();
        return From(context.Connection.RemoteIpAddress, agent.Length == 0 ? null : agent);
    }

    internal static ClientAddress From(IPAddress? address, string? userAgent)
    {
        if (address is null)
        {
            return new ClientAddress(null, null, userAgent);
        }

        // One client is one client, whether the socket that took it speaks IPv4 or both.
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (plain.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return new ClientAddress(plain.ToString(), plain.ToString(), userAgent);
        }

        // From the bytes, so that a scope id ("%eth0") never enters.
        var bytes = plain.GetAddressBytes();
        var whole = new IPAddress(bytes).ToString();
        bytes.AsSpan(PrefixBytes).Clear();
        return new ClientAddress(new IPAddress(bytes) + "/64", whole, userAgent);
    }
}
