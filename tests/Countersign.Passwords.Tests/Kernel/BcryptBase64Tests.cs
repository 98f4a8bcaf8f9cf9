using Countersign.Passwords.Kernel;

namespace Countersign.Passwords.Tests.Kernel;

public sealed class BcryptBase64Tests
{
    [Theory]
    [InlineData(16)]
    [InlineData(23)]
    public void TryDecode_WhatEncodeWrote_GivesTheBytes(int length)
    {
        var random = new Random(length);
        for (int round = 0; round < 1000; round++)
        {
            var bytes = new byte[length];
            random.NextBytes(bytes);
            var decoded = new byte[length];

            Assert.True(BcryptBase64.TryDecode(BcryptBase64.Encode(bytes), decoded));
            Assert.Equal(bytes, decoded);
        }
    }

    [Theory]
    [InlineData("CCCCCCCCCCCCCCCCCCCCC/", "unused bits set")]
    [InlineData("CCCCCCCCCCCCCCCCCCCCC", "too short")]
    [InlineData("CCCCCCCCCCCCCCCCCCCCC..", "too long")]
    [InlineData("CCC=CCCCCCCCCCCCCCCCC.", "another alphabet")]
    [InlineData("CCC+CCCCCCCCCCCCCCCCC.", "another alphabet")]
    [InlineData("CCCéCCCCCCCCCCCCCCCCC.", "not ASCII")]
    [InlineData("", "empty")]
    public void TryDecode_NotCanonical_IsFalse(string text, string because) =>
        Assert.False(BcryptBase64.TryDecode(text, new byte[16]), because);
}
