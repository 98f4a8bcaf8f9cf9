using System.Net;
using Countersign.AspNetCore.Limits;
using Countersign.AspNetCore.SignIn;
using Microsoft.AspNetCore.Http;

namespace Countersign.AspNetCore.Tests.Limits;

public sealed class ClientAddressTests
{
    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1:2:3:4:5:6")]
    [InlineData("2001:db8:1:2::1", "2001:db8:1:2::/64", "2001:db8:1:2::1")]
    [InlineData("fe80::1%3", "fe80::/64", "fe80::1")]
    [InlineData("::1", "::/64", "::1")]
    public void From_Address_CountsIpv6ByItsPrefix(string remote, string network, string address)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Headers.UserAgent = "probe/1.0";

        Assert.Equal(new ClientAddress(network, address, "probe/1.0"), ClientAddress.From(context));
    }

    [Fact]
    public void From_NothingKnown_IsAllNull() => Assert.Equal(default, ClientAddress.From(new DefaultHttpContext()));

    [Theory]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("2001:db8:1:ffab:3:4:5:6", "2001:db8:1:ff00::/56")]
    [InlineData("2001:db8:1:fe::1", "2001:db8:1::/56")]
    [InlineData("fe80::1%3", "fe80::/56")]
    [InlineData("::1", "::/56")]
    [InlineData("not an address", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void SiteOf_Address_IsTheAddressOrThe56(string? address, string? site)
    {
        Assert.Equal(site, ClientAddress.SiteOf(address));
        Assert.Equal(site, ClientAddress.From(IPAddress.TryParse(address, out var parsed) ? parsed : null, null).Site);
    }
}
