using System.Security.Cryptography;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;

namespace Countersign.Sessions.Tests.Keys;

public sealed class MasterKeyTests
{
    private static readonly byte[] Secret = RandomNumberGenerator.GetBytes(48);
    private static readonly byte[] Binding = KeyBinding.Write("keys", "kid-1", KeyUse.RefreshToken, "HS256", null);

    [Fact]
    public void Create_Twice_GivesTwoKeysThatParse()
    {
        var one = MasterKey.Create();
        var other = MasterKey.Create();

        Assert.NotEqual(one, other, StringComparer.Ordinal);
        Assert.Equal(32, Convert.FromBase64String(one).Length);
        Assert.True(MasterKey.TryParse(one, out var key, out var fault));
        Assert.Null(fault);
        key.Dispose();
    }

    public static TheoryData<string?> Unfit => new()
    {
        (string?)null,
        "",
        "  \n",
        "no base64!",
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(16)),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(31)),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(33)),
        Convert.ToBase64String(RandomNumberGenerator.GetBytes(64)),
        MasterKey.Create().TrimEnd('='),
        MasterKey.Create()[..20] + "\n" + MasterKey.Create()[20..],
        Convert.ToBase64String(new byte[32]),
        Convert.ToBase64String(Enumerable.Repeat((byte)'x', 32).ToArray()),
    };

    [Theory]
    [MemberData(nameof(Unfit))]
    public void TryParse_UnfitText_SaysWhatIsWrongWithoutRepeatingIt(string? text)
    {
        Assert.False(MasterKey.TryParse(text, out var key, out var fault));

        Assert.Null(key);
        Assert.NotEmpty(fault);
        Assert.True(string.IsNullOrWhiteSpace(text) || !fault.Contains(text, StringComparison.Ordinal));
    }

    [Fact]
    public void TryParse_TextWithANewLineAtItsEnd_IsThatKey()
    {
        var text = MasterKey.Create();
        using var plain = Parse(text);
        using var fromFile = Parse(text + "\n");

        Assert.True(fromFile.TryUnwrap(plain.Wrap(Secret, Binding), Binding, out var opened));
        Assert.Equal(Secret, opened);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(5000)]
    public void TryUnwrap_WhatWrapMade_GivesItBack(int length)
    {
        using var key = Parse(MasterKey.Create());
        var secret = RandomNumberGenerator.GetBytes(length);

        var wrapped = key.Wrap(secret, Binding);

        Assert.Equal(12 + length + 16, wrapped.Length);
        Assert.True(key.TryUnwrap(wrapped, Binding, out var opened));
        Assert.Equal(secret, opened);
    }

    [Fact]
    public void Wrap_Twice_UsesAnotherNonce()
    {
        using var key = Parse(MasterKey.Create());

        var one = key.Wrap(Secret, Binding);
        var other = key.Wrap(Secret, Binding);

        Assert.NotEqual(one[..12], other[..12]);
        Assert.NotEqual(one[12..], other[12..]);
        Assert.Equal(-1, one.AsSpan().IndexOf(Secret.AsSpan(0, 8)));
    }

    [Fact]
    public void TryUnwrap_AnyFlippedBit_IsRefused()
    {
        using var key = Parse(MasterKey.Create());
        var wrapped = key.Wrap(Secret, Binding);

        foreach (var flipped in FlipEach(wrapped))
        {
            Assert.False(key.TryUnwrap(flipped, Binding, out var opened));
            Assert.Null(opened);
        }
    }

    [Fact]
    public void TryUnwrap_AnyFlippedBitOfTheBinding_IsRefused()
    {
        using var key = Parse(MasterKey.Create());
        var wrapped = key.Wrap(Secret, Binding);

        foreach (var flipped in FlipEach(Binding))
        {
            Assert.False(key.TryUnwrap(wrapped, flipped, out _));
        }
    }

    [Fact]
    public void TryUnwrap_AnyTruncation_IsRefused()
    {
        using var key = Parse(MasterKey.Create());
        var wrapped = key.Wrap(Secret, Binding);

        for (var length = 0; length < wrapped.Length; length++)
        {
            Assert.False(key.TryUnwrap(wrapped.AsSpan(0, length), Binding, out _));
        }
    }

    [Fact]
    public void TryUnwrap_AnotherMasterKey_IsRefused()
    {
        using var key = Parse(MasterKey.Create());
        using var other = Parse(MasterKey.Create());

        Assert.False(other.TryUnwrap(key.Wrap(Secret, Binding), Binding, out _));
    }

    [Fact]
    public void Wrap_AfterDispose_Throws()
    {
        var key = Parse(MasterKey.Create());
        var wrapped = key.Wrap(Secret, Binding);

        key.Dispose();
        key.Dispose();

        Assert.Throws<ObjectDisposedException>(() => key.Wrap(Secret, Binding));
        Assert.Throws<ObjectDisposedException>(() => key.TryUnwrap(wrapped, Binding, out _));
    }

    [Fact]
    public void Dispose_WhileOthersWrap_NoKeyOfZeroesIsEverUsed()
    {
        for (var round = 0; round < 200; round++)
        {
            var text = MasterKey.Create();
            var key = Parse(text);
            using var same = Parse(text);
            var wrapped = same.Wrap(Secret, Binding);
            Parallel.For(0, 64, i =>
            {
                if (i == 32)
                {
                    key.Dispose();
                    return;
                }

                try
                {
                    Assert.True(same.TryUnwrap(key.Wrap(Secret, Binding), Binding, out _));
                    Assert.True(key.TryUnwrap(wrapped, Binding, out _));
                }
                catch (ObjectDisposedException)
                {
                    // What a late caller is told.
                }
            });
        }
    }

    [Fact]
    public void ToString_AnyKey_IsTheTypesName()
    {
        using var key = Parse(MasterKey.Create());

        Assert.Equal("MasterKey", key.ToString());
    }

    private static MasterKey Parse(string text)
    {
        Assert.True(MasterKey.TryParse(text, out var key, out _));
        return key;
    }

    private static IEnumerable<byte[]> FlipEach(byte[] bytes)
    {
        for (var bit = 0; bit < bytes.Length * 8; bit++)
        {
            var flipped = bytes.ToArray();
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            yield return flipped;
        }
    }
}
