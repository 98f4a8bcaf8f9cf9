using System.Text;
using Countersign.Passwords.Rules;

namespace Countersign.Passwords.Tests.Rules;

public sealed class CommonPasswordsTests
{
    [Fact]
    public void Text_Always_IsSortedLowerCaseAndLongEnough()
    {
        string[] lines = Encoding.ASCII.GetString(CommonPasswords.Text).Split('\n');

        Assert.Equal("", lines[^1]);
        string[] entries = lines[..^1];
        Assert.True(entries.Length >= 10_000, $"{entries.Length} entries.");
        Assert.Equal([.. entries.Order(StringComparer.Ordinal).Distinct(StringComparer.Ordinal)], entries, StringComparer.Ordinal);
        Assert.All(
            entries, entry => Assert.True(entry.Length >= 8 && entry.All(character => character is > ' ' and <= '~' and not (>= 'A' and <= 'Z')), entry));
    }

    [Fact]
    public void Contains_EveryEntry_IsFound()
    {
        foreach (string entry in Encoding.ASCII.GetString(CommonPasswords.Text).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(CommonPasswords.Contains(entry), entry);
            Assert.True(CommonPasswords.Contains(entry.ToUpperInvariant()), entry);
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n")]
    [InlineData("password\n")]
    [InlineData("passwor")]
    [InlineData("password\npassword1")]
    [InlineData("pässword")]
    [InlineData("\0")]
    [InlineData("~~~~~~~~~~~~~~~~")]
    [InlineData("correct horse battery staple")]
    public void Contains_NotOnTheList_IsFalse(string password) => Assert.False(CommonPasswords.Contains(password));
}
