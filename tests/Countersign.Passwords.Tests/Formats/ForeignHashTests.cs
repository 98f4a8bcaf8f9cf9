using Countersign.Passwords.Tests.Support;

namespace Countersign.Passwords.Tests.Formats;

/// <summary>
/// Hashes of other libraries: passlib 1.7.4 with bcrypt 3.2.2 (its own output), ASP.NET Core Identity (two of its published test values; the others by Python's
/// hashlib).
/// </summary>
public sealed class ForeignHashTests
{
    private const string Unicode = "pässwörd €";
    private static readonly string K72 = new('k', 72);
    private static readonly string K73 = new('k', 73);
    private static readonly string X100 = new('x', 100);

    public static TheoryData<string, string, PasswordVerification> Rows { get; } = new()
    {
        { "correct horse", "$2b$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO", PasswordVerification.Success },
        { Unicode, "$2b$05$al35NReOiZQ/YKXVOkNKFePx62DEYeK5uC4dlkuO2aq5U7aCYyolK", PasswordVerification.Success },
        { "", "$2b$05$CxAa5uPOSP3IrTFo.OtSAe6EIdkyjWDwdXmqj3CZMEqf/jlvaXAZW", PasswordVerification.Success },
        { K72, "$2b$05$u/pNMg/EHVx3/cv0wiGtR.r07uMMWuxybUW1l/iuWn5KNXL89dwWa", PasswordVerification.Success },
        { "correct horse", "$2a$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO", PasswordVerification.SuccessRehashNeeded },
        { "correct horse", "$2y$05$E0t1EmXCwN2pDRbGzYEqYeIy.Q2caEjhBWtWLrXpUBgnnwzCVPeAO", PasswordVerification.SuccessRehashNeeded },
        { X100, "$bcrypt-sha256$v=2,t=2b,r=5$bG4Glgcq3jhb2qQ6hivYQe$qAE3h4GzGs.CA.7w59oNDaOheL2qkt2", PasswordVerification.Success },
        { K73, "$bcrypt-sha256$v=2,t=2b,r=5$E9iBImgp1Th6XOR1j8X/e.$qoJ81XUZcwr40dfiZAAF2MDi8f8r2cC", PasswordVerification.Success },
        { "a\0b", "$bcrypt-sha256$v=2,t=2b,r=5$cHNPUelYtj0rD7mJBpYDSe$19DxXvqotjWluZ2lYbbrLwVsBd8Pl6.", PasswordVerification.Success },
        { K72, "$bcrypt-sha256$v=2,t=2b,r=5$tdBqRGkFfmORNcNCTgeJf.$UbjbJJlZ7VTkxinLsNd2C9i7jRNj646", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "$bcrypt-sha256$v=2,t=2b,r=5$l/TpPZRrQd3Mm/v/4SmAE.$P/bGL8MShM1KqfqBhk61wXLqch3/QZ2", PasswordVerification.SuccessRehashNeeded },
        { "", "$bcrypt-sha256$v=2,t=2b,r=5$.EPpFdTMZ2sYaLqlIymQO.$.j8IKHTQoszq36VLdk0PCm8Z9Pa/C3y", PasswordVerification.SuccessRehashNeeded },
        { X100, "$bcrypt-sha256$2b,5$B0phjqxdfu3wjqJDSPMSEO$G93jBse57q5IIct7nd3tq.qbV9bJCIu", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "$bcrypt-sha256$2b,5$gOeX3ICMF9cNNKPRI2dQbe$rqg8UNcf.kcWHATyWyreLD4sWdXlziC", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "$pbkdf2-sha256$1000$EiLEWKs1hvB.L.U8p1QKwQ$XIJYTYY/1HTD3RNTp4N.6A5SiPUwtbxlziR1lnRH2uU", PasswordVerification.SuccessRehashNeeded },
        { X100, "$pbkdf2-sha256$1000$wxijdK7VGoPQ2nuvtXYu5Q$/0KvMA8o64xQI1eX1Gme3.7dV3xdPfiaiC8jF9XgARg", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "pbkdf2_sha256$1000$AV6fGyBcmfGQ$m4lx5DxMpgNGOsI0OPzZSM+73hZ7dJZjgfxvV23AIgc=", PasswordVerification.SuccessRehashNeeded },
        { X100, "pbkdf2_sha256$1000$3tyWe6neNsFB$6YHTjs2pqNXeHNgHoCYI/RIF/ONQtF4c+u6bo4qyXlQ=", PasswordVerification.SuccessRehashNeeded },
        { "my password", "AAABAgMEBQYHCAkKCwwNDg+ukCEMDf0yyQ29NYubggHIVY0sdEUfdyeM+E1LtH1uJg==", PasswordVerification.SuccessRehashNeeded },
        { "my password", "AQAAAAIAAAAyAAAAEOMwvh3+FZxqkdMBz2ekgGhwQ4B6pZWND6zgESBuWiHw", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "AAABAgMEBQYHCAkKCwwNDg/DPe4uilJG8Sv+AYZUcENguivVPEOzs1shd7YgihsdgQ==", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "AQAAAAAAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/DPe4uilJG8Sv+AYZUcENguivVPEOzs1shd7YgihsdgQ==", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "AQAAAAEAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/4pxELQ8f5pSSwf17V65O2pHI1a3U5l3TvTCkXpkaE9w==", PasswordVerification.SuccessRehashNeeded },
        { Unicode, "AQAAAAIAAAPoAAAAEAABAgMEBQYHCAkKCwwNDg/kq2ABpNUgskolaQ/govpomK6Mdt+TnLr+4sR/cB0MTA==", PasswordVerification.SuccessRehashNeeded },
        { "my password", "AQAAAAEAAAPoAAAAFAABAgMEBQYHCAkKCwwNDg8QERITmrpgepHgyzenZtFZ0Z/cO4KqZkly7HAE", PasswordVerification.SuccessRehashNeeded },
    };

    [Theory]
    [MemberData(nameof(Rows))]
    public void Verify_HashOfAnotherLibrary_RightPassword_AsExpected(string password, string hash, PasswordVerification expected) =>
        Assert.Equal(expected, Hashers.Cheap().Verify(password, hash));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Verify_HashOfAnotherLibrary_WrongPassword_Failed(string password, string hash, PasswordVerification expected)
    {
        Assert.NotEqual(PasswordVerification.Failed, expected);
        Assert.Equal(PasswordVerification.Failed, Hashers.Cheap().Verify(password + "x", hash));
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void Verify_HashOfAnotherLibrary_LastDigestCharacterChanged_Failed(string password, string hash, PasswordVerification expected)
    {
        Assert.NotEqual(PasswordVerification.Failed, expected);
        int position = hash.TrimEnd('=').Length - 4;
        string changed = hash[..position] + (hash[position] == 'A' ? 'B' : 'A') + hash[(position + 1)..];

        Assert.Equal(PasswordVerification.Failed, Hashers.Cheap().Verify(password, changed));
    }
}
