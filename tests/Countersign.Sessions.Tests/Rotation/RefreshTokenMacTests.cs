using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Tests.Rotation;

public sealed class RefreshTokenMacTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(1234567)]
    [InlineData(int.MaxValue)]
    public void Write_AnyGeneration_IsTheStartOfTheMac(int generation)
    {
        var row = new RotationScene().Row;
        var message = row.Id.ToString("D", CultureInfo.InvariantCulture) + "." + generation.ToString(CultureInfo.InvariantCulture);
        var expected = HMACSHA256.HashData(row.Salt.Span, Encoding.ASCII.GetBytes(message))[..16];

        var check = new byte[16];
        RefreshTokenMac.Write(row, generation, check);

        Assert.Equal(expected, check);
        Assert.True(RefreshTokenMac.Fits(row, generation, check));
    }
}
