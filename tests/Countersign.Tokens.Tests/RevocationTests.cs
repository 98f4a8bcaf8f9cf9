using Countersign.Tokens.Keys;
using Countersign.Tokens.Revocation;

namespace Countersign.Tokens.Tests;

/// <summary>J-38: what the validator makes of the list.</summary>
public sealed class RevocationTests
{
    private static readonly Guid Session = Guid.Parse("01890a5d-ac96-774b-bcce-b302099a8057");

    [Theory]
    [InlineData(RevocationReason.LoggedOut, TokenError.SessionRevoked)]
    [InlineData(RevocationReason.PasswordChanged, TokenError.SessionRevoked)]
    [InlineData(RevocationReason.AccountDeleted, TokenError.SessionRevoked)]
    [InlineData(RevocationReason.AccountInactive, TokenError.AccountInactive)]
    public void TryValidate_SessionOnTheList_IsRefusedWithItsReason(RevocationReason reason, TokenError error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var list = new RevocationList(forge.Time, TimeSpan.FromHours(1));
        var validator = new TokenValidator(forge.Policy, forge.Time, list);
        var token = forge.Token(claims: Forge.Claims(("sid", $"\"{Session}\"")));
        Assert.True(validator.TryValidate(token, out _, out _));

        list.Add(Session, reason);

        Assert.False(validator.TryValidate(token, out var claims, out var found));
        Assert.Null(claims);
        Assert.Equal(error, found);
        Assert.Null(validator.Decode(token));
        Assert.Null(forge.Problem(forge.Token()));
    }

    [Theory]
    [InlineData(0, null, true, null)]
    [InlineData(5, null, true, TokenError.EpochRevoked)]
    [InlineData(5, "4", true, TokenError.EpochRevoked)]
    [InlineData(5, "5", true, null)]
    [InlineData(5, "6", true, null)]
    [InlineData(5, "4", false, TokenError.EpochRevoked)]
    [InlineData(5, null, false, null)]
    public void TryValidate_Epoch_MustReachTheLists(long epoch, string? claim, bool ofSession, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var list = new RevocationList(forge.Time, TimeSpan.FromHours(1));
        list.RaiseEpoch(epoch);
        var token = forge.Token(claims: Forge.Claims(("epoch", claim), ("sid", ofSession ? $"\"{Session}\"" : null)));

        new TokenValidator(forge.Policy, forge.Time, list).TryValidate(token, out _, out var found);

        Assert.Equal(error, found);
    }

    /// <summary>A token without <c>rev</c> counts as 0, and only tokens of sessions can be stale.</summary>
    [Theory]
    [InlineData(5, 0, "4", true, TokenError.Stale)]
    [InlineData(5, 0, "5", true, null)]
    [InlineData(5, 0, null, true, TokenError.Stale)]
    [InlineData(5, 0, null, false, null)]
    [InlineData(0, 5, "4", true, TokenError.Stale)]
    [InlineData(0, 5, "5", true, null)]
    [InlineData(0, 5, null, true, TokenError.Stale)]
    [InlineData(0, 5, "4", false, null)]
    [InlineData(0, 0, null, true, null)]
    public void TryValidate_Revision_MustReachTheSessionsAndTheLists(long changed, long staleBefore, string? claim, bool ofSession, TokenError? error)
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var list = new RevocationList(forge.Time, TimeSpan.FromHours(1));
        var validator = new TokenValidator(forge.Policy, forge.Time, list, new VerifiedTokenCache(10));
        var token = forge.Token(claims: Forge.Claims(("rev", claim), ("sid", ofSession ? $"\"{Session}\"" : null)));
        Assert.True(validator.TryValidate(token, out _, out _));

        list.RaiseStaleBefore(staleBefore);
        if (changed > 0)
        {
            list.AddClaimsChange(Session, changed);
        }

        Assert.Equal(error is null, validator.TryValidate(token, out var claims, out var found));
        Assert.Equal((error, error is not null), (found, claims is null));
        Assert.Equal(error, validator.CheckAccess(token, out var checkedClaims));
        Assert.NotNull(checkedClaims);
        Assert.Equal(error is null, validator.Decode(token) is not null);
    }

    [Fact]
    public void TryValidate_StaleAndMore_SaysWhatARefreshCanNotMend()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var list = new RevocationList(forge.Time, TimeSpan.FromHours(1));
        list.AddClaimsChange(Session, 5);
        var validator = new TokenValidator(forge.Policy, forge.Time, list);
        var token = forge.Token(claims: Forge.Claims(("sid", $"\"{Session}\"")));

        list.RaiseEpoch(1);
        Assert.Equal(TokenError.EpochRevoked, validator.CheckAccess(token, out var ofEpoch));
        list.Add(Session, RevocationReason.LoggedOut);
        Assert.Equal(TokenError.SessionRevoked, validator.CheckAccess(token, out var ofSession));
        Assert.Null(ofEpoch ?? ofSession);
    }

    [Fact]
    public void TryValidate_RevokedAndExpired_SaysExpired()
    {
        using var forge = new Forge(SignatureAlgorithm.HS256);
        var list = new RevocationList(forge.Time, TimeSpan.FromHours(1));
        list.Add(Session, RevocationReason.LoggedOut);
        var token = forge.Token(claims: Forge.Claims(("sid", $"\"{Session}\"")));
        forge.Time.Advance(TimeSpan.FromHours(1));

        new TokenValidator(forge.Policy, forge.Time, list).TryValidate(token, out _, out var error);

        Assert.Equal(TokenError.Expired, error);
    }
}
