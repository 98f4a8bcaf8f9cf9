using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests;

/// <summary>
/// Row S1 of the original specification, and the hashing part of S11: <c>get_password_hash</c> and <c>verify_password</c> of passlib's CryptContext.
/// </summary>
public sealed class SpecificationTests
{
    private static readonly PasswordHasher Hasher = new();

    [Fact]
    public void S1_GetPasswordHash_AnyPassword_WritesBcryptAtCost12()
    {
        string hash = Hasher.Hash("correct horse battery staple");

        Assert.Matches(@"^\$2b\$12\$[./A-Za-z0-9]{21}[.Oeu][./A-Za-z0-9]{31}$", hash);
    }

    [Fact]
    public void S1_GetPasswordHash_SamePasswordTwice_DiffersBySalt() =>
        Assert.NotEqual(Hasher.Hash("secret-password"), Hasher.Hash("secret-password"), StringComparer.Ordinal);

    [Fact]
    public void S1_VerifyPassword_RightPassword_Success() =>
        Assert.Equal(PasswordVerification.Success, Hasher.Verify("secret-password", Hasher.Hash("secret-password")));

    [Fact]
    public void S1_VerifyPassword_WrongPassword_Failed() =>
        Assert.Equal(PasswordVerification.Failed, Hasher.Verify("wrong-password", Hasher.Hash("secret-password")));

    [Fact]
    public async Task S1_VerifyPassword_ThroughTheEngine_SameAnswers()
    {
        await using var engine = new PasswordEngine(new PasswordEngineOptions(), TimeProvider.System);
        string hash = await engine.HashAsync("secret-password");

        Assert.StartsWith("$2b$12$", hash, StringComparison.Ordinal);
        Assert.Equal(PasswordVerification.Success, await engine.VerifyAsync("secret-password", hash));
        Assert.Equal(PasswordVerification.Failed, await engine.VerifyAsync("wrong-password", hash));
    }

    [Theory]
    [InlineData("$2b$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO")]
    [InlineData("$bcrypt-sha256$v=2,t=2b,r=5$gzQk54Kuyo49P1iKCI8v6O$vu6pNh.KRY5G.K/7GtPlRwNKOdTEuHu")]
    [InlineData("$bcrypt-sha256$2b,5$mNRAD86KGqtEqORszMzgau$ZeNYY2oR8n0u5TUfSgz9AmAUfpVodh.")]
    [InlineData("$pbkdf2-sha256$1000$630vRWjtPef8nxOiVGrtfQ$dulZ.B2z./3F4zRf/WqdO9/RvI55KaYJ/FgD.4LzKxw")]
    [InlineData("pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ=")]
    public void S1_VerifyPassword_DeprecatedScheme_AsksForRehash(string hashByPasslib) =>
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, Hasher.Verify("correct horse", hashByPasslib));

    [Fact]
    public void S1_VerifyPassword_CostBelowTheConfigured_AsksForRehash() =>
        Assert.Equal(PasswordVerification.SuccessRehashNeeded, Hashers.Cheap(5).Verify("secret-password", Hashers.Cheap(4).Hash("secret-password")));

    [Fact]
    public void S1_VerifyPassword_CostAboveTheConfigured_KeepsIt() =>
        Assert.Equal(PasswordVerification.Success, Hashers.Cheap(4).Verify("secret-password", Hashers.Cheap(5).Hash("secret-password")));

    [Fact]
    public void S1_VerifyPassword_WrongPasswordOfDeprecatedScheme_Failed() =>
        Assert.Equal(
            PasswordVerification.Failed,
            Hashers.Cheap().Verify("wrong", "pbkdf2_sha256$1000$u72S2mPHaSFk$sb1S/ym5C/tQzzMv2WbGAAh3fXZ7fdpR9Q+u4jJHZUQ="));
}
