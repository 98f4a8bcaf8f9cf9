using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Tests.Rotation;

/// <summary>Line 1 of the table: every reason, and which one wins where several hold.</summary>
public sealed class RotationRefusalTests
{
    private static readonly DateTimeOffset Now = RotationScene.Now;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    /// <summary>The reasons in the order in which they are looked at, each with what brings it about.</summary>
    private static readonly (string Name, RefreshError Error, Action<RotationScene> Apply)[] Reasons =
    [
        ("no row", RefreshError.SessionUnknown, s => s.HasRow = false),
        ("foreign subject", RefreshError.CheckMismatch, s => s.Subject = "USER-1"),
        ("wrong check", RefreshError.CheckMismatch, s => s.CheckFits = false),
        ("foreign session", RefreshError.CheckMismatch, s => s.TokenSessionId = Guid.Empty),
        ("revoked in the row", RefreshError.SessionRevoked, s => s.State = s.State with { RevokedAt = Now - Tick, RevokedReason = RevocationReason.LoggedOut }),
        ("revoked in the list", RefreshError.SessionRevoked, s => s.Revoked = RevocationReason.Administrator),
        ("account gone", RefreshError.AccountUnknown, s => s.Account = null),
        ("another account", RefreshError.AccountUnknown, s => s.Account = RotationScene.MakeAccount(userId: "User-1")),
        ("account inactive", RefreshError.AccountInactive, s => s.Account = RotationScene.MakeAccount(isActive: false, stamp: 9)),
        ("stamp moved", RefreshError.AccountChanged, s => s.Account = RotationScene.MakeAccount(stamp: 9)),
        ("idle", RefreshError.SessionExpired, s => s.State = s.State with { IdleExpiresAt = Now }),
        ("absolute", RefreshError.SessionExpired, s => s.ExpiresAt = Now),
        ("counter at its end", RefreshError.SessionExpired, s => s.State = s.State with { Generation = int.MaxValue }),
    ];

    public static TheoryData<string> Names => [.. Reasons.Select(reason => reason.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_OneReason_IsRefusedForItAndWritesTheEndByTheAccountAlone(string name)
    {
        var (_, error, apply) = Reasons.Single(reason => reason.Name == name);
        foreach (var generation in new[] { 1, 3, 4, 5, 6, 7, int.MaxValue })
        {
            var scene = new RotationScene { Generation = generation };
            apply(scene);
            SessionState? expected = EndOf(error) is { } reason ? scene.State with { RevokedAt = Now, RevokedReason = reason } : null;

            Assert.Equal(new RotationDecision(RotationCase.Refused, error, expected), scene.Decide());
        }
    }

    /// <summary>
    /// What an account ends is a live session of its own, by a token that belongs to it: for every reason that comes before, or with it, nothing is
    /// written.
    /// </summary>
    [Theory]
    [InlineData("account gone")]
    [InlineData("another account")]
    [InlineData("account inactive")]
    [InlineData("stamp moved")]
    public void Decide_AccountRefusesASessionThatIsOver_WritesNothing(string name)
    {
        var account = Reasons.Single(reason => reason.Name == name);
        foreach (var (_, _, apply) in Reasons.Where(static reason => EndOf(reason.Error) is null && reason.Name != "counter at its end"))
        {
            var scene = new RotationScene();
            account.Apply(scene);
            apply(scene);

            Assert.Null(scene.Decide().Next);
        }
    }

    [Fact]
    public void Decide_SeveralReasons_GivesTheFirst()
    {
        for (var first = 0; first < Reasons.Length; first++)
        {
            var scene = new RotationScene();
            foreach (var (_, _, apply) in Reasons[first..])
            {
                apply(scene);
            }

            // A later row of the table may undo an earlier one of its own kind (both set the account); the reason looked at first is what was applied last.
            Reasons[first].Apply(scene);

            Assert.Equal(Reasons[first].Error, scene.Decide().Error);
        }
    }

    /// <summary>An expired token of a session that is there and live is held against its generation: see the tests of lines 2 to 8.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void Decide_OneReasonAndTheTokenExpired_SaysSoOnlyWhereTheSessionIsOverByItself(string name)
    {
        var (_, error, apply) = Reasons.Single(reason => reason.Name == name);
        foreach (var generation in new[] { 1, 3, 4, 5, 6, 7, int.MaxValue })
        {
            var scene = new RotationScene { Generation = generation, TokenExpiresAt = Now };
            apply(scene);
            var decision = scene.Decide();

            Assert.Equal(RotationCase.Refused, decision.Case);
            Assert.Equal(error is RefreshError.SessionUnknown or RefreshError.SessionExpired ? RefreshError.TokenExpired : error, decision.Error);
            Assert.Equal(EndOf(error), decision.Next?.RevokedReason);
        }
    }

    [Fact]
    public void Decide_WrongCheck_SaysTheSameWhateverTheSessionIs()
    {
        foreach (var (_, error, apply) in Reasons.Where(reason => reason.Error != RefreshError.SessionUnknown))
        {
            var scene = new RotationScene();
            apply(scene);
            scene.CheckFits = false;

            Assert.Equal(RefreshError.CheckMismatch, scene.Decide().Error);
        }
    }

    [Theory]
    [InlineData(RevocationReason.LoggedOut, RefreshError.SessionRevoked)]
    [InlineData(RevocationReason.LoggedOutEverywhere, RefreshError.SessionRevoked)]
    [InlineData(RevocationReason.PasswordChanged, RefreshError.SessionRevoked)]
    [InlineData(RevocationReason.AccountInactive, RefreshError.AccountInactive)]
    [InlineData(RevocationReason.AccountDeleted, RefreshError.AccountUnknown)]
    [InlineData(RevocationReason.RefreshTokenReused, RefreshError.SessionRevoked)]
    [InlineData(RevocationReason.SessionLimit, RefreshError.SessionLimit)]
    [InlineData(RevocationReason.Administrator, RefreshError.SessionRevoked)]
    [InlineData(RevocationReason.AccountChanged, RefreshError.AccountChanged)]
    public void Decide_Revoked_TheReasonSurvives(RevocationReason reason, RefreshError expected)
    {
        var row = new RotationScene();
        row.State = row.State with { RevokedAt = Now, RevokedReason = reason };
        var list = new RotationScene { Revoked = reason };

        Assert.Equal(expected, row.Decide().Error);
        Assert.Equal(expected, list.Decide().Error);
    }

    [Fact]
    public void Decide_RevokedInRowAndList_TheRowSaysWhy()
    {
        var scene = new RotationScene { Revoked = RevocationReason.AccountInactive };
        scene.State = scene.State with { RevokedAt = Now, RevokedReason = RevocationReason.LoggedOut };

        Assert.Equal(RefreshError.SessionRevoked, scene.Decide().Error);
    }

    [Fact]
    public void Decide_RevokedWithoutAReason_IsRevoked()
    {
        var scene = new RotationScene();
        scene.State = scene.State with { RevokedAt = Now };

        Assert.Equal(RefreshError.SessionRevoked, scene.Decide().Error);
    }

    [Fact]
    public void Decide_OneTickBeforeAnyExpiry_GoesOn()
    {
        var scene = new RotationScene { ExpiresAt = Now + Tick, TokenExpiresAt = Now + Tick };
        scene.State = scene.State with { IdleExpiresAt = Now + Tick };

        Assert.Null(scene.Decide().Error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(15)]
    [InlineData(17)]
    public void Decide_CheckOfAnotherLength_IsRefused(int length)
    {
        var row = new RotationScene().Row;
        var check = new byte[Math.Max(length, RefreshTokenMac.Bytes)];
        RefreshTokenMac.Write(row, 5, check);
        var token = new RefreshTokenClaims(row.Id, row.UserId, 5, 4, check.AsMemory(0, length), Now, Now + Tick);

        var decision = RotationRule.Decide(row, RotationScene.MakeAccount(), token, Now, Now, RotationScene.Keys, null, new());

        Assert.Equal(RefreshError.CheckMismatch, decision.Error);
    }

    [Fact]
    public void Decide_CheckOfAnotherGeneration_IsRefused()
    {
        var row = new RotationScene().Row;
        for (var other = 1; other <= 60; other++)
        {
            var check = new byte[RefreshTokenMac.Bytes];
            RefreshTokenMac.Write(row, other, check);
            var token = new RefreshTokenClaims(row.Id, row.UserId, 5, 4, check, Now, Now + Tick);

            var decision = RotationRule.Decide(row, RotationScene.MakeAccount(), token, Now, Now, RotationScene.Keys, null, new());

            Assert.Equal(other == 5 ? null : RefreshError.CheckMismatch, decision.Error);
        }
    }

    private static RevocationReason? EndOf(RefreshError error) => error switch
    {
        RefreshError.AccountUnknown => RevocationReason.AccountDeleted,
        RefreshError.AccountInactive => RevocationReason.AccountInactive,
        RefreshError.AccountChanged => RevocationReason.AccountChanged,
        _ => null,
    };
}
