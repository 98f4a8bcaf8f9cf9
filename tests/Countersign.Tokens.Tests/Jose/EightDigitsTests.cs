using System.Globalization;
using System.Text;
using Countersign.Tokens.Jose;

namespace Countersign.Tokens.Tests.Jose;

public sealed class EightDigitsTests
{
    [Fact]
    public void TryRead_EightDigits_GivesTheirValue()
    {
        var random = new Random(8);
        foreach (var number in Enumerable.Range(0, 10_000).Select(_ => random.Next(100_000_000)).Concat([0, 1, 10_000, 12_345_678, 99_999_999]))
        {
            Assert.True(EightDigits.TryRead(Encoding.ASCII.GetBytes(number.ToString("D8", CultureInfo.InvariantCulture)), out var value));
            Assert.Equal(number, value);
        }
    }

    /// <summary>Every other byte in every place, beside the least and the greatest digits: of those, carries come from.</summary>
    [Theory]
    [InlineData("00000000")]
    [InlineData("99999999")]
    public void TryRead_AnyByteThatIsNoDigit_IsFalse(string digits)
    {
        for (var at = 0; at < EightDigits.Length; at++)
        {
            foreach (var other in Enumerable.Range(0, 256).Where(static other => other is < '0' or > '9'))
            {
                var text = Encoding.ASCII.GetBytes(digits);
                text[at] = (byte)other;

                Assert.False(EightDigits.TryRead(text, out var value), $"{other} at {at}");
                Assert.Equal(0, value);
            }
        }
    }
}
