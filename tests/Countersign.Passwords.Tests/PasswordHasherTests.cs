using System.Text;
using Countersign.Passwords.Kernel;
using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests;

public sealed class PasswordHasherTests
{
    private static readonly PasswordHasher Hasher = Hashers.Cheap();

    /// <summary>As characters: a test case's text travels as UTF-8, which has no lone surrogates.</summary>
    public static TheoryData<char[]> LoneSurrogates { get; } = new()
    {
        new[] { '\ud800' },
        new[] { 'a', 'b', '\udc00', 'd' },
        new[] { '\udc00', '\ud800' },
        new[] { 'a', '\udbff' },
    };

    [Theory]
    [InlineData(3)]
    [InlineData(9)]
    [InlineData(17)]
    [InlineData(31)]
    public void Constructor_CostOutsideTheRange_Throws(int cost) => Assert.Throws<ArgumentOutOfRangeException>(() => new PasswordHasher(cost));

    [Theory]
    [InlineData(0, "$2b$04$")]
    [InlineData(71, "$2b$04$")]
    [InlineData(72, "$2b$04$")]
    [InlineData(73, "$bcrypt-sha256$v=2,t=2b,r=4$")]
    [InlineData(4096, "$bcrypt-sha256$v=2,t=2b,r=4$")]
    public void Hash_Length_ChoosesTheScheme(int length, string expected)
    {
        string password = new('p', length);
        string hash = Hasher.Hash(password);

        Assert.StartsWith(expected, hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerification.Success, Hasher.Verify(password, hash));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password + "p", hash));
    }

    [Theory]
    [InlineData("\0")]
    [InlineData("a\0a")]
    [InlineData("password\0")]
    public void Hash_NulInside_PrehashesAndVerifies(string password)
    {
        string hash = Hasher.Hash(password);

        Assert.StartsWith("$bcrypt-sha256$v=2,", hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerification.Success, Hasher.Verify(password, hash));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password.Replace("\0", "", StringComparison.Ordinal), hash));
    }

    [Theory]
    [InlineData(4097)]
    [InlineData(1_000_000)]
    public void Hash_TooLong_ThrowsArgument(int length) => Assert.Throws<ArgumentException>(() => Hasher.Hash(new string('p', length)));

    [Fact]
    public void Hash_TooLongInUtf8Only_ThrowsArgument() => Assert.Throws<ArgumentException>(() => Hasher.Hash(new string('€', 1366)));

    [Theory]
    [MemberData(nameof(LoneSurrogates))]
    public void Hash_LoneSurrogate_ThrowsArgument(char[] password) => Assert.Throws<ArgumentException>(() => Hasher.Hash(new string(password)));

    [Theory]
    [MemberData(nameof(LoneSurrogates))]
    public void Verify_LoneSurrogate_NeverMatchesItsReplacement(char[] password)
    {
        string replaced = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(password));

        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(new string(password), Hasher.Hash(replaced)));
    }

    [Theory]
    [InlineData("\ufffe")]
    [InlineData("password\ufffe")]
    [InlineData("e\u0301\ufffe\ud83d\ude00")]
    public void Verify_TextThatThePlatformDoesNotNormalise_FailedWithoutThrowing(string password)
    {
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password, Hasher.Hash("password")));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password, null));
        Assert.Throws<ArgumentException>(nameof(password), () => Hasher.Hash(password));
    }

    [Fact]
    public void Verify_TextThatCannotBeAPassword_IsNotTheDummyThatIsHashedForIt()
    {
        string dummy = Encoding.UTF8.GetString(BcryptRequest.DummyPassword);

        Assert.Equal(PasswordVerification.Success, Hasher.Verify(dummy, Hasher.Hash(dummy)));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(new string('p', 5000), Hasher.Hash(dummy)));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(new string(['\ud800']), Hasher.Hash(dummy)));
    }

    [Fact]
    public void Verify_TooLongPassword_Failed() => Assert.Equal(PasswordVerification.Failed, Hasher.Verify(new string('p', 5000), Hasher.Hash("")));

    [Fact]
    public void Verify_SeventyTwoRightBytesAndATail_Failed()
    {
        // CVE-2025-22228: only the first 72 bytes were compared.
        string right = new('a', 72);

        Assert.Equal(PasswordVerification.Failed, Hasher.Verify(right + "tail", Hasher.Hash(right)));
    }

    [Fact]
    public void Verify_PairsThatRawBcryptConfuses_AreToldApart()
    {
        int ran = 0;
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("equivalence").EnumerateArray())
        {
            string first = Encoding.UTF8.GetString(Convert.FromHexString(row.Text("a_hex")));
            string second = Encoding.UTF8.GetString(Convert.FromHexString(row.Text("b_hex")));

            Assert.Equal(PasswordVerification.Success, Hasher.Verify(first, Hasher.Hash(first)));
            Assert.Equal(PasswordVerification.Failed, Hasher.Verify(first, Hasher.Hash(second)));
            Assert.Equal(PasswordVerification.Failed, Hasher.Verify(second, Hasher.Hash(first)));
            ran++;
        }

        Assert.Equal(12, ran);
    }

    [Fact]
    public void Verify_VectorsBeyondBcrypt_FailedThoughRawBcryptWouldAgree()
    {
        int ran = 0;
        foreach (var row in VectorFile.Read("bcrypt_vectors.json").GetProperty("kat").EnumerateArray())
        {
            byte[] password = Convert.FromHexString(row.Text("password_hex"));
            if (row.GetProperty("cost").GetInt32() <= 6
                && (password.Length > 72 || password.Contains((byte)0))
                && Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(password)).SequenceEqual(password))
            {
                Assert.Equal(PasswordVerification.Failed, Hasher.Verify(Encoding.UTF8.GetString(password), row.Text("hash")));
                ran++;
            }
        }

        Assert.True(ran >= 10, $"Only {ran} rows ran.");
    }

    [Theory]
    [InlineData("e\u0301t\u00e9", "\u00e9t\u00e9")]
    [InlineData("\u212b", "\u00c5")]
    public void Verify_OtherUnicodeFormOfTheSamePassword_Success(string decomposed, string composed)
    {
        Assert.Equal(PasswordVerification.Success, Hasher.Verify(decomposed, Hasher.Hash(composed)));
        Assert.Equal(PasswordVerification.Success, Hasher.Verify(composed, Hasher.Hash(decomposed)));
    }

    [Fact]
    public void Verify_OldHashOfTheBytesAsSent_AsksForRehash()
    {
        // Made by a library that knows nothing of NFC.
        string hash = BCrypt.Net.BCrypt.HashPassword("e\u0301t\u00e9", 4);

        Assert.StartsWith("$2a$04$", hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, Hasher.Verify("e\u0301t\u00e9", hash));
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, Hasher.Verify("e\u0301t\u00e9", hash.Replace("$2a$", "$2b$", StringComparison.Ordinal)));
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify("\u00e9t\u00e9", hash));
    }

    [Theory]
    [InlineData("Password")]
    [InlineData("password ")]
    [InlineData(" password")]
    [InlineData("passwor")]
    [InlineData("")]
    public void Verify_AlmostTheSame_Failed(string password) => Assert.Equal(PasswordVerification.Failed, Hasher.Verify(password, Hasher.Hash("password")));

    [Fact]
    public void Verify_OwnHash_ReadsBackInBCryptNet() => Assert.True(BCrypt.Net.BCrypt.Verify("pässwörd €", Hasher.Hash("pässwörd €")));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("corrupt")]
    public void Verify_NothingToCompareWith_Failed(string? stored) => Assert.Equal(PasswordVerification.Failed, Hasher.Verify("password", stored));
}
