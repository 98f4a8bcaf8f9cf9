using System.Collections.Frozen;
using Countersign.Sessions.Accounts;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>
/// A thief has copied a token, and its owner stays away for any time, also longer than the idle lifetime. Every schedule of both is searched, until the
/// session's absolute expiry: does the owner's return always stop the thief? One tick is an hour and the lost-response window; no two refreshes are within
/// the grace of each other.
/// </summary>
public sealed class AbsenceTests(ITestOutputHelper output)
{
    private const int IdleTicks = 4;
    private const int AbsoluteTicks = 14;
    private const string Key = "key";

    private static readonly DateTimeOffset Begin = RotationScene.Now;
    private static readonly TimeSpan Tick = TimeSpan.FromHours(1);
    private static readonly AccountFacts Account = RotationScene.MakeAccount();
    private static readonly RotationKeys Keys = new(Key, FrozenSet.Create(StringComparer.Ordinal, Key));
    private static readonly RotationPolicy Policy = new() { IdleLifetime = IdleTicks * Tick, LostResponseWindow = Tick };

    /// <summary>What is taken out of the rule.</summary>
    public enum Missing
    {
        Nothing,

        /// <summary>A token past its own expiry is refused before its generation is compared.</summary>
        ReuseByExpiredTokens,

        /// <summary>Within the lost-response window an expired token of the parent is refused and nothing more.</summary>
        ReuseByExpiredParents,
    }

    private readonly record struct Copy(int Generation, int Expiry);

    private readonly record struct Moment(int Now, SessionState State, Copy Owner, Copy Thief, bool OwnerGaveUp, bool ThiefSucceeded, bool OwnerCameBack);

    [Fact]
    public void Search_RealRule_TheOwnersReturnStopsTheThief() => Assert.Null(FindEscape(Missing.Nothing));

    [Theory]
    [InlineData(Missing.ReuseByExpiredTokens)]
    [InlineData(Missing.ReuseByExpiredParents)]
    public void Search_PartOfTheRuleMissing_TheThiefGoesOn(Missing missing) => Assert.NotNull(FindEscape(missing));

    /// <summary>Whoever is alone and keeps each answer is never taken for a thief, however long the pauses.</summary>
    [Fact]
    public void Search_OwnerAlone_IsNeverTakenForAThief()
    {
        foreach (var (moment, _) in Search(Missing.Nothing, withThief: false))
        {
            Assert.Null(moment.State.RevokedAt);
        }
    }

    /// <summary>Finds the shortest schedule in which the thief succeeds after the owner has come back: who acts in each tick ("o", "t" or "-").</summary>
    private string? FindEscape(Missing missing)
    {
        var states = 0;
        foreach (var (moment, schedule) in Search(missing, withThief: true))
        {
            states++;
            if (moment is { ThiefSucceeded: true, OwnerCameBack: true, Thief.Generation: 0 })
            {
                output.WriteLine($"{missing}: {schedule}");
                return schedule;
            }
        }

        output.WriteLine($"{missing}: none in {states} states");
        return null;
    }

    private static IEnumerable<(Moment Moment, string Schedule)> Search(Missing missing, bool withThief)
    {
        var state = new SessionState(1, null, Key, null, At(IdleTicks));
        var first = new Moment(0, state, new Copy(1, IdleTicks), new Copy(1, IdleTicks), false, false, false);
        var seen = new HashSet<Moment> { first };
        var open = new Queue<(Moment Moment, string Schedule)>([(first, "")]);
        while (open.TryDequeue(out var found))
        {
            yield return found;
            if (found.Moment.Now == AbsoluteTicks)
            {
                continue;
            }

            var later = found.Moment with { Now = found.Moment.Now + 1 };
            Add(later, '-');
            if (!later.OwnerGaveUp)
            {
                Add(Owner(later, missing), 'o');
            }

            if (withThief)
            {
                Add(Thief(later, missing), 't');
            }

            void Add(Moment next, char actor)
            {
                if (seen.Add(next))
                {
                    open.Enqueue((next, found.Schedule + actor));
                }
            }
        }
    }

    /// <summary>The owner refreshes, and logs in again where that is refused: the session is no longer the owner's.</summary>
    private static Moment Owner(Moment moment, Missing missing)
    {
        var decision = Decide(moment, moment.Owner, missing);
        moment = moment with { State = decision.Next ?? moment.State, OwnerCameBack = moment.ThiefSucceeded };
        return decision.Error is null ? moment with { Owner = CopyOf(moment.State) } : moment with { OwnerGaveUp = true };
    }

    /// <summary>The thief refreshes. A success after the owner's return leaves generation 0, which no token has: the escape.</summary>
    private static Moment Thief(Moment moment, Missing missing)
    {
        var decision = Decide(moment, moment.Thief, missing);
        moment = moment with { State = decision.Next ?? moment.State };
        return decision.Error is not null ? moment : moment with { Thief = moment.OwnerCameBack ? default : CopyOf(moment.State), ThiefSucceeded = true };
    }

    private static RotationDecision Decide(Moment moment, Copy copy, Missing missing)
    {
        var now = At(moment.Now);
        var row = new Session(new byte[Session.SaltBytes], Account.Stamp, moment.State)
        {
            Id = RotationScene.Id,
            UserId = Account.UserId,
            CreatedAt = Begin,
            ExpiresAt = At(AbsoluteTicks),
            AuthenticatedAt = Begin,
            Methods = [],
        };
        var check = new byte[RefreshTokenMac.Bytes];
        RefreshTokenMac.Write(row, copy.Generation, check);
        var token = new RefreshTokenClaims(row.Id, row.UserId, copy.Generation, null, check, Begin, At(copy.Expiry));
        var isSpared = missing == Missing.ReuseByExpiredTokens || (missing == Missing.ReuseByExpiredParents && copy.Generation == moment.State.Parent
            && now - moment.State.RefreshedAt <= Policy.LostResponseWindow);
        return isSpared && row.IsLive(now) && now >= token.ExpiresAt
            ? new RotationDecision(RotationCase.Refused, RefreshError.TokenExpired, null)
            : RotationRule.Decide(row, Account, token, now, now, Keys, null, Policy);
    }

    private static Copy CopyOf(SessionState state) => new(state.Generation, (int)((state.IdleExpiresAt - Begin) / Tick));

    private static DateTimeOffset At(int tick) => Begin + (tick * Tick);
}
