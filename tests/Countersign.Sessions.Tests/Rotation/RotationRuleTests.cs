using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Tests.Rotation;

/// <summary>Lines 2 to 8 of the table, each at its exact boundaries.</summary>
public sealed class RotationRuleTests
{
    private static readonly DateTimeOffset Now = RotationScene.Now;
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan MinimumRotationInterval = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Window = TimeSpan.FromHours(1);

    /// <summary>Generation 5 of parent 3 (4 was displaced): token generation, age of the row, the line that fits.</summary>
    public static TheoryData<int, TimeSpan?, int> Lines => new()
    {
        { 5, TimeSpan.Zero, 2 },
        { 5, MinimumRotationInterval - Tick, 2 },
        { 5, MinimumRotationInterval, 2 },
        { 5, MinimumRotationInterval + Tick, 3 },
        { 5, TimeSpan.FromDays(6), 3 },
        { 5, null, 3 },
        { 5, -Tick, 2 },
        { 5, -TimeSpan.FromMinutes(5), 2 },
        { 3, TimeSpan.Zero, 4 },
        { 3, Grace - Tick, 4 },
        { 3, Grace, 4 },
        { 3, Grace + Tick, 5 },
        { 3, Window - Tick, 5 },
        { 3, Window, 5 },
        { 3, Window + Tick, 8 },
        { 3, null, 8 },
        { 3, -Tick, 4 },
        { 4, TimeSpan.Zero, 4 },
        { 4, Grace - Tick, 4 },
        { 4, Grace, 4 },
        { 4, Grace + Tick, 8 },
        { 4, null, 8 },
        { 4, -TimeSpan.FromMinutes(5), 4 },
        { 2, TimeSpan.Zero, 8 },
        { 2, -Tick, 8 },
        { 1, TimeSpan.Zero, 8 },
        { 1, TimeSpan.FromHours(1), 8 },
        { 7, TimeSpan.FromHours(1), 7 },
        { 7, null, 7 },
        { int.MaxValue, TimeSpan.FromHours(1), 7 },
    };

    [Theory]
    [MemberData(nameof(Lines))]
    public void Decide_GenerationAndAge_FallsOnItsLine(int generation, TimeSpan? age, int line)
    {
        var scene = new RotationScene { Generation = generation, Parent = generation == 1 ? null : generation - 1 };
        scene.State = scene.State with { Parent = 3 };

        var decision = scene.Aged(age).Decide();

        Assert.Equal((RotationCase)line, decision.Case);
        Assert.Equal(line switch { 7 => RefreshError.SessionAhead, 8 => RefreshError.Reused, _ => null }, decision.Error);
        Assert.Equal(line is 3 or 5 or 8, decision.Next is not null);
    }

    /// <summary>
    /// A token past its own expiry earns no pair on any line, and one that was left behind is reuse all the same: its owner may have been away for longer
    /// than the idle lifetime.
    /// </summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void Decide_TokenExpired_ReuseWhereItWasLeftBehindAndRefusedElsewhere(int generation, TimeSpan? age, int line)
    {
        foreach (var overdue in new[] { TimeSpan.Zero, TimeSpan.FromDays(80) })
        {
            var scene = new RotationScene { Generation = generation, Parent = generation == 1 ? null : generation - 1, TokenExpiresAt = Now - overdue };
            scene.State = scene.State with { Parent = 3 };

            var decision = scene.Aged(age).Decide();

            var expected = line is 5 or 8
                ? new RotationDecision(
                    RotationCase.Reuse, RefreshError.Reused, scene.State with { RevokedAt = Now, RevokedReason = RevocationReason.RefreshTokenReused })
                : new RotationDecision(RotationCase.Refused, RefreshError.TokenExpired, null);
            Assert.Equal(expected, decision);
        }
    }

    [Theory]
    [InlineData(6)]
    [InlineData(7)]
    public void Decide_TokenExpiredAndAhead_RefusedAlsoAfterARestore(int generation)
    {
        var scene = new RotationScene
        {
            Generation = generation,
            Parent = 5,
            IssuedAt = Now - TimeSpan.FromMinutes(1),
            TokenExpiresAt = Now,
            Policy = new RotationPolicy { Restored = new RestoreWindow(Now - TimeSpan.FromDays(9), Now + Tick) },
        };

        Assert.Equal(new RotationDecision(RotationCase.Refused, RefreshError.TokenExpired, null), scene.Decide());
    }

    [Theory]
    [InlineData(5, null)]
    [InlineData(4, null)]
    [InlineData(3, RefreshError.Reused)]
    public void Decide_OneTickBeforeTheTokensExpiry_AsEver(int generation, RefreshError? error) =>
        Assert.Equal(error, new RotationScene { Generation = generation, Parent = 2, TokenExpiresAt = Now + Tick }.Decide().Error);

    /// <summary>A key that was revoked or lost must log nobody out: it changes no decision, and every answer is under the current key.</summary>
    [Theory]
    [MemberData(nameof(Lines))]
    public void Decide_KeyOfTheRowCanNotSign_SameLineAndTheRowGoesOverToTheCurrentKey(int generation, TimeSpan? age, int line)
    {
        var scene = new RotationScene { Generation = generation, Parent = generation == 1 ? null : generation - 1 };
        scene.State = scene.State with { Parent = 3 };
        scene.Aged(age);

        var usual = scene.Decide();
        var decision = scene.Decide(RotationScene.KeysWithoutTheOld);

        Assert.Equal((usual.Case, usual.Error), (decision.Case, decision.Error));
        if (line is 7)
        {
            Assert.Null(decision.Next);
        }
        else if (line is 8)
        {
            Assert.Equal(usual.Next, decision.Next);
        }
        else
        {
            Assert.Equal((usual.Next ?? scene.State) with { KeyId = RotationScene.CurrentKey }, decision.Next);
        }
    }

    [Fact]
    public void Decide_KeyOfTheRowCanNotSign_CheckMustFitAllTheSame()
    {
        var scene = new RotationScene { CheckFits = false };

        Assert.Equal(new RotationDecision(RotationCase.Refused, RefreshError.CheckMismatch, null), scene.Decide(RotationScene.KeysWithoutTheOld));
    }

    [Fact]
    public void Decide_FirstRefreshOfASession_Rotates()
    {
        var scene = new RotationScene { Generation = 1, Parent = null };
        scene.State = scene.State with { Generation = 1, Parent = null, RefreshedAt = null };

        var next = scene.Decide().Next!.Value;

        Assert.Equal(2, next.Generation);
        Assert.Equal(1, next.Parent);
        Assert.Equal(Now, next.RefreshedAt);
    }

    [Fact]
    public void Decide_AgeIsTakenAtTheArrival_NotAtTheDecision()
    {
        // Arrived at the end of the stand, decided two seconds later.
        var scene = new RotationScene { Arrival = Now - TimeSpan.FromSeconds(2) };

        Assert.Equal(RotationCase.Repeated, scene.Aged(MinimumRotationInterval + TimeSpan.FromSeconds(2)).Decide().Case);
        Assert.Equal(RotationCase.Rotated, scene.Aged(MinimumRotationInterval + TimeSpan.FromSeconds(2) + Tick).Decide().Case);
    }

    [Fact]
    public void Decide_RowRefreshedAfterTheArrival_CountsAsAgeZero()
    {
        var scene = new RotationScene { Generation = 4, Parent = 3, Arrival = Now - TimeSpan.FromSeconds(4) }.Aged(TimeSpan.FromSeconds(1));

        Assert.Equal(RotationCase.ParentReplayed, scene.Decide().Case);
    }

    [Fact]
    public void Decide_Rotated_WritesTheNextGeneration()
    {
        var scene = new RotationScene();

        var expected = new SessionState(6, 5, RotationScene.CurrentKey, Now, Now + TimeSpan.FromDays(7));

        Assert.Equal(new RotationDecision(RotationCase.Rotated, null, expected), scene.Decide());
    }

    [Fact]
    public void Decide_AnswerLost_OrphansTheChildAndKeepsTheParent()
    {
        var scene = new RotationScene { Generation = 4, Parent = 3 };

        var expected = new SessionState(6, 4, RotationScene.CurrentKey, Now, Now + TimeSpan.FromDays(7));

        Assert.Equal(new RotationDecision(RotationCase.AnswerLost, null, expected), scene.Decide());
    }

    [Fact]
    public void Decide_WriteLost_DoesItAgainFromTheToken()
    {
        // The lost write was itself one of line 5: its parent is older than one generation.
        var scene = new RotationScene { Generation = 6, Parent = 4, IssuedAt = Now - TimeSpan.FromMinutes(1) };

        var expected = new SessionState(6, 4, RotationScene.CurrentKey, Now, Now + TimeSpan.FromDays(7));

        Assert.Equal(new RotationDecision(RotationCase.WriteLost, null, expected), scene.Decide());
    }

    [Theory]
    [InlineData(1, 6)]
    [InlineData(0, 7)]
    [InlineData(-1, 7)]
    public void Decide_OneAhead_IsALostWriteOnlyIfIssuedLater(int ticks, int line)
    {
        var scene = new RotationScene { Generation = 6, Parent = 5 };
        scene.IssuedAt = scene.State.RefreshedAt!.Value.AddTicks(ticks);

        Assert.Equal((RotationCase)line, scene.Decide().Case);
    }

    [Fact]
    public void Decide_OneAheadOfASessionNeverRefreshed_IsALostWrite()
    {
        var scene = new RotationScene { Generation = 2, Parent = 1, IssuedAt = Now - TimeSpan.FromDays(9) };
        scene.State = scene.State with { Generation = 1, Parent = null, RefreshedAt = null };

        Assert.Equal(2, scene.Decide().Next!.Value.Generation);
    }

    [Fact]
    public void Decide_Reuse_WritesTheRevocationAlone()
    {
        var scene = new RotationScene { Generation = 3, Parent = 2 };

        var expected = scene.State with { RevokedAt = Now, RevokedReason = RevocationReason.RefreshTokenReused };

        Assert.Equal(new RotationDecision(RotationCase.Reuse, RefreshError.Reused, expected), scene.Decide());
    }

    [Theory]
    [InlineData(5)]
    [InlineData(4)]
    [InlineData(6)]
    public void Decide_IdleExpiryPastTheAbsoluteOne_IsCapped(int generation)
    {
        var scene = new RotationScene { Generation = generation, IssuedAt = Now - TimeSpan.FromMinutes(1) };
        scene.ExpiresAt = Now + TimeSpan.FromDays(7) - Tick;
        Assert.Equal(scene.ExpiresAt, scene.Decide().Next!.Value.IdleExpiresAt);

        scene.ExpiresAt = Now + TimeSpan.FromDays(7) + Tick;
        Assert.Equal(Now + TimeSpan.FromDays(7), scene.Decide().Next!.Value.IdleExpiresAt);
    }

    [Theory]
    [InlineData(5, 60)]
    [InlineData(4, 30)]
    public void Decide_LineThatWritesNothing_LeavesTheKeyAlone(int generation, int seconds)
    {
        var scene = new RotationScene { Generation = generation }.Aged(TimeSpan.FromSeconds(seconds));

        Assert.Null(scene.Decide().Next);
    }

    [Fact]
    public void Decide_NoLostAnswerWindow_TakesTheParentForReuse()
    {
        var scene = new RotationScene { Generation = 4, Parent = 3, Policy = new() { LostResponseWindow = TimeSpan.Zero } };

        Assert.Equal(RotationCase.ParentReplayed, scene.Aged(Grace).Decide().Case);
        Assert.Equal(RotationCase.Reuse, scene.Aged(Grace + Tick).Decide().Case);
    }

    [Fact]
    public void Decide_NoGrace_StillConvergesWhoArrivedBeforeTheWrite()
    {
        var scene = new RotationScene { Generation = 4, Parent = 3, Policy = new() { Grace = TimeSpan.Zero } };

        Assert.Equal(RotationCase.ParentReplayed, scene.Aged(TimeSpan.Zero).Decide().Case);
        Assert.Equal(RotationCase.AnswerLost, scene.Aged(Tick).Decide().Case);
    }

    /// <summary>Generation, how far <c>RefreshedAt</c> is ahead, the line, whether it becomes now.</summary>
    public static TheoryData<int, TimeSpan, int, bool> RowsAhead => new()
    {
        { 5, TimeSpan.FromMinutes(5), 2, false },
        { 5, TimeSpan.FromMinutes(5) + Tick, 2, true },
        { 5, TimeSpan.FromDays(300), 2, true },
        { 4, TimeSpan.FromMinutes(5), 4, false },
        { 4, TimeSpan.FromMinutes(5) + Tick, 4, true },
    };

    [Theory]
    [MemberData(nameof(RowsAhead))]
    public void Decide_RefreshedAtAheadOfTheClock_BecomesNowAtFirstTouch(int generation, TimeSpan ahead, int line, bool isWritten)
    {
        var scene = new RotationScene { Generation = generation }.Aged(-ahead);
        SessionState? expected = isWritten ? scene.State with { RefreshedAt = Now } : null;

        Assert.Equal(new RotationDecision((RotationCase)line, null, expected), scene.Decide());
    }

    [Fact]
    public void Decide_RefreshedAtFarAheadAndTokenOlderThanTheParent_IsStillReuse()
    {
        var scene = new RotationScene { Generation = 3, Parent = 2 }.Aged(-TimeSpan.FromDays(1));

        Assert.Equal(RotationCase.Reuse, scene.Decide().Case);
    }

    [Fact]
    public void Decide_RefreshedAtFarAheadAndTokenFurtherAhead_WritesNothing()
    {
        var scene = new RotationScene { Generation = 7, Parent = 6 }.Aged(-TimeSpan.FromDays(1));

        Assert.Equal(new RotationDecision(RotationCase.Ahead, RefreshError.SessionAhead, null), scene.Decide());
    }

    /// <summary>Generation 5 in the row, 7 or more in the token: what else must hold for it to be taken after a restored backup.</summary>
    public static TheoryData<int, TimeSpan, TimeSpan, bool> Restored => new()
    {
        { 7, Tick, Tick, true },
        { 500, TimeSpan.FromDays(1), TimeSpan.FromDays(1), true },
        { 7, TimeSpan.Zero, Tick, false },
        { 7, -Tick, Tick, false },
        { 7, Tick, TimeSpan.Zero, false },
        { 7, Tick, -Tick, false },
    };

    [Theory]
    [MemberData(nameof(Restored))]
    public void Decide_AheadAfterARestoredBackup_TakenWithinTheWindowAlone(int generation, TimeSpan issuedAfterThePoint, TimeSpan left, bool taken)
    {
        var issuedAt = Now - TimeSpan.FromHours(2);
        var scene = new RotationScene
        {
            Generation = generation,
            Parent = generation - 3,
            IssuedAt = issuedAt,
            Policy = new RotationPolicy { Restored = new RestoreWindow(issuedAt - issuedAfterThePoint, Now + left) },
        };

        var expected = taken
            ? new RotationDecision(
                RotationCase.WriteLost,
                null,
                new SessionState(generation, generation - 3, RotationScene.CurrentKey, Now, Now + TimeSpan.FromDays(7)))
            : new RotationDecision(RotationCase.Ahead, RefreshError.SessionAhead, null);
        Assert.Equal(expected, scene.Decide());
    }

    [Fact]
    public void Decide_BehindAfterARestoredBackup_StillReuse()
    {
        var scene = new RotationScene
        {
            Generation = 2,
            Parent = 1,
            Policy = new RotationPolicy { Restored = new RestoreWindow(Now - TimeSpan.FromDays(1), Now + TimeSpan.FromDays(1)) },
        };

        Assert.Equal(RotationCase.Reuse, scene.Decide().Case);
    }
}
