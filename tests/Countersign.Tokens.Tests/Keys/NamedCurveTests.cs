using System.Numerics;
using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

/// <summary>J-20: the bounds of r and s, which the provider holds too; here the product's own are tested apart from it.</summary>
public sealed class NamedCurveTests
{
    [Theory]
    [InlineData("ES256")]
    [InlineData("ES384")]
    [InlineData("ES512")]
    public void J20_AreInRange_BothHalves_LieBetweenZeroAndTheOrder(string algorithm)
    {
        var curve = SignatureAlgorithm.Find(algorithm)!.Curve!;
        using var key = ECDsa.Create(curve.Curve);
        var order = key.ExportExplicitParameters(includePrivateParameters: false).Curve.Order!;
        Assert.Equal(order.Length, curve.CoordinateBytes);
        byte[] one = [.. new byte[order.Length - 1], 1], zero = new byte[order.Length];
        var last = (new BigInteger(order, isUnsigned: true, isBigEndian: true) - 1).ToByteArray(isUnsigned: true, isBigEndian: true);

        Assert.True(curve.AreInRange([.. one, .. last]));
        Assert.True(curve.AreInRange([.. last, .. one]));
        Assert.All([zero, order, [.. Enumerable.Repeat((byte)0xFF, order.Length)]], bad =>
        {
            Assert.False(curve.AreInRange([.. bad, .. one]));
            Assert.False(curve.AreInRange([.. one, .. bad]));
        });
    }
}
