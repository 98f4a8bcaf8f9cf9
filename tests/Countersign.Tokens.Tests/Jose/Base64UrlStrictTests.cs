using System.Buffers.Text;
using System.Text;
using CsCheck;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Tests.Jose;

public sealed class Base64UrlStrictTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("Zg", "f")]
    [InlineData("Zm8", "fo")]
    [InlineData("Zm9v", "foo")]
    [InlineData("-_-_", null)]
    public void TryDecode_Canonical_IsDecoded(string encoded, string? text)
    {
        Assert.True(Decode(encoded, out var bytes));
        Assert.True(text is null ? bytes.Length == 3 : Encoding.ASCII.GetString(bytes) == text);
    }

    [Theory]
    [InlineData("Z")]
    [InlineData("Zg==")]
    [InlineData("Zm8=")]
    [InlineData("Zh")]
    [InlineData("Zm9")]
    [InlineData("Zm 9v")]
    [InlineData("Zm9v\n")]
    [InlineData("Zm9\t")]
    [InlineData("+/+/")]
    [InlineData("Zm9vé")]
    [InlineData("====")]
    [InlineData("Zm9v.")]
    public void TryDecode_AnyOtherSpelling_IsRefused(string encoded) => Assert.False(Decode(encoded, out _));

    [Fact]
    public void TryDecode_AnyBytesEncoded_RoundTrip() =>
        Gen.Byte.Array[0, 200].Sample(bytes => Decode(Base64Url.EncodeToString(bytes), out var decoded) && decoded.AsSpan().SequenceEqual(bytes));

    /// <summary>One spelling for each content: whatever is accepted encodes back to itself.</summary>
    [Fact]
    public void TryDecode_AnyAcceptedText_IsTheOnlySpelling()
    {
        const string Letters = "AZaz09-_+/= \nQgw";
        Gen.Int[0, Letters.Length - 1].Array[0, 8].Sample(
            indexes =>
            {
                var text = string.Concat(indexes.Select(i => Letters[i]));
                return !Decode(text, out var bytes) || Base64Url.EncodeToString(bytes) == text;
            },
            iter: 20_000);
    }

    private static bool Decode(string encoded, out byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(encoded);
        var accepted = Base64UrlStrict.TryDecode(text, new byte[text.Length], out var decoded);
        bytes = decoded.ToArray();
        return accepted;
    }
}
