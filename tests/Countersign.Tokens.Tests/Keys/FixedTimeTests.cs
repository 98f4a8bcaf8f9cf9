using System.Security.Cryptography;
using Countersign.Tokens.Keys;

namespace Countersign.Tokens.Tests.Keys;

public sealed class FixedTimeTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(8)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(48)]
    [InlineData(64)]
    public void AreEqual_AnyBitOfEitherFlipped_IsFalse(int length)
    {
        var left = RandomNumberGenerator.GetBytes(length);
        var right = left.ToArray();
        Assert.True(FixedTime.AreEqual(left, right));

        for (var bit = 0; bit < length * 8; bit++)
        {
            right[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.False(FixedTime.AreEqual(left, right), $"bit {bit}");
            Assert.False(FixedTime.AreEqual(right, left), $"bit {bit}");
            right[bit / 8] ^= (byte)(1 << (bit % 8));
        }
    }

    [Theory]
    [InlineData(32, 31)]
    [InlineData(32, 24)]
    [InlineData(32, 0)]
    [InlineData(0, 8)]
    public void AreEqual_OtherLength_IsFalse(int left, int right) => Assert.False(FixedTime.AreEqual(new byte[left], new byte[right]));
}
