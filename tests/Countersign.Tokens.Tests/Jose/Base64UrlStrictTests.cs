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

    /// <summary>
    /// Every byte at every place of texts of every length class, put in and put in place of another: only letters of the alphabet, in canonical form.
    /// </summary>
    [Fact]
    public void TryDecode_AnyByteAtAnyPlace_IsTakenOnlyFromTheAlphabet()
    {
        const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        foreach (var length in (int[])[0, 1, 2, 3, 4, 5, 6, 30, 31, 65])
        {
            var canonical = Base64Url.EncodeToString(new byte[length]);
            for (var at = 0; at <= canonical.Length; at++)
            {
                for (var letter = '\0'; letter <= byte.MaxValue; letter++)
                {
                    AssertOnlyCanonical(canonical.Insert(at, $"{letter}"));
                    AssertOnlyCanonical(canonical.Remove(Math.Max(0, at - 1), Math.Min(1, at)).Insert(Math.Max(0, at - 1), $"{letter}"));
                }
            }
        }

        static void AssertOnlyCanonical(string text)
        {
            var isCanonical = text.All(Alphabet.Contains) && (text.Length % 4) switch
            {
                1 => false,
                2 => Alphabet.IndexOf(text[^1]) % 16 == 0,
                3 => Alphabet.IndexOf(text[^1]) % 4 == 0,
                _ => true,
            };
            var bytes = new byte[text.Length];
            Assert.Equal(isCanonical, Base64UrlStrict.TryDecode(Encoding.Latin1.GetBytes(text), bytes, out _));
        }
    }

    /// <summary>What the base library skips must not pass, however much of it there is and wherever.</summary>
    [Fact]
    public void TryDecode_LongTextWithSkippedCharacters_IsRefused()
    {
        const string Skipped = " \t\r\n=";
        var places = Gen.Select(Gen.Int[0, 1000], Gen.Int[0, Skipped.Length - 1]).Array[1, 8];
        Gen.Select(Gen.Byte.Array[0, 200], places).Sample(
            (bytes, inserted) =>
            {
                var text = Base64Url.EncodeToString(bytes);
                foreach (var (at, which) in inserted)
                {
                    text = text.Insert(at % (text.Length + 1), $"{Skipped[which]}");
                }

                return !Decode(text, out _);
            },
            iter: 50_000);
    }

    private static bool Decode(string encoded, out byte[] bytes)
    {
        var text = Encoding.UTF8.GetBytes(encoded);
        var accepted = Base64UrlStrict.TryDecode(text, new byte[text.Length], out var decoded);
        bytes = decoded.ToArray();
        return accepted;
    }
}
