using System.Text;
using Countersign.AspNetCore.Clients;

namespace Countersign.AspNetCore.Tests.Clients;

public sealed class BasicCredentialsTests
{
    [Theory]
    [InlineData("api:secret", "api", "secret")]
    [InlineData("api:", "api", "")]
    [InlineData("api:a:b", "api", "a:b")]
    [InlineData("a%3Ab:c%3ad", "a:b", "c:d")]
    [InlineData("a+b:c%2Bd+e%20f", "a b", "c+d e f")]
    [InlineData("%c3%a9:\u00e9", "\u00e9", "\u00e9")]
    [InlineData("%25:%2525", "%", "%25")]
    public void TryRead_Credentials_AreDecoded(string credentials, string id, string secret)
    {
        Assert.True(BasicCredentials.TryRead(Header(credentials), out var read));
        using (read)
        {
            Assert.Equal((id, secret), (read.Id, Encoding.UTF8.GetString(read.Secret)));
        }
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("Basic")]
    [InlineData("Basic ")]
    [InlineData("Basic  YTpi")]
    [InlineData("Basic YTpi ")]
    [InlineData("Basic Y Tpi")]
    [InlineData("Basic YTpi\n")]
    [InlineData("Basic YTpi=")]
    [InlineData("Basic YTpiYw")]
    [InlineData("Basic YTpiYx==")]
    [InlineData("Basic YTpiYw==YTpi")]
    [InlineData("Basic YTpi_w==")]
    [InlineData("BasicYTpi")]
    [InlineData("Bearer YTpi")]
    [InlineData("Basic\tYTpi")]
    public void TryRead_NoBasicHeader_IsRefused(string? header) => Assert.False(BasicCredentials.TryRead(header, out _));

    [Theory]
    [InlineData("api")]
    [InlineData(":secret")]
    [InlineData(":")]
    [InlineData("%:x")]
    [InlineData("a%4:x")]
    [InlineData("a:%4")]
    [InlineData("a:%g0")]
    [InlineData("a%3:Ab")]
    [InlineData("a:%ff")]
    [InlineData("%c3:a")]
    public void TryRead_MalformedCredentials_AreRefused(string credentials) => Assert.False(BasicCredentials.TryRead(Header(credentials), out _));

    private static string Header(string credentials) => "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
}
