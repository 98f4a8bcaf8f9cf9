namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>
/// A thief has copied the token that his victim holds, at rest. How many of his refreshes can succeed, at least one of the victim's between two of them,
/// before he is found? Every schedule is searched. The rule does not look at access tokens, so it does not matter when they are used.
/// </summary>
public sealed class TheftTests(ITestOutputHelper output)
{
    // So many successes count as no end.
    private const int NoEnd = 5;
    private const int Grace = 3;
    private const int Oldest = (2 * Grace) + 2;

    private readonly record struct Moment(
        ModelRow Row,
        byte VictimToken,
        byte ThiefToken,
        byte SinceVictim,
        byte SinceThief,
        byte Successes,
        bool ThiefHasActed,
        byte VictimRefreshes);

    [Fact]
    public void Search_ThiefApartFromHisVictim_SucceedsOnce() => Assert.Equal(1, CountSuccesses(apart: true, stale: false));

    [Fact]
    public void Search_ThiefWithAParentToken_SucceedsOnce() => Assert.Equal(1, CountSuccesses(apart: true, stale: true));

    [Fact]
    public void Search_ThiefInsideTheGrace_IsNotFoundByTheRuleAlone()
    {
        // What random lifetimes of access tokens are for: he can't know when his victim refreshes.
        Assert.Equal(NoEnd, CountSuccesses(apart: false, stale: false));
    }

    [Fact]
    public void Search_ParentTokenWithoutLine5_DoesNotSucceed() =>
        Assert.Equal(0, CountSuccesses(apart: true, stale: true, Mutation.NoLostAnswer));

    /// <param name="apart">Whether thief and victim never act within the grace of each other.</param>
    /// <param name="stale">Whether the victim has rotated before the thief comes, and the grace is over.</param>
    /// <param name="mutation">The part of the table that is missing.</param>
    private int CountSuccesses(bool apart, bool stale, Mutation mutation = Mutation.None)
    {
        var rule = new ModelRule(Grace, Oldest, mutation);
        var first = stale
            ? new Moment(new ModelRow(2, 1, Oldest), 2, 1, Oldest, Oldest, 0, false, 1)
            : new Moment(new ModelRow(1, 0, Oldest), 1, 1, Oldest, Oldest, 0, false, 0);
        var seen = new HashSet<Moment> { first };
        var open = new Stack<Moment>(seen);
        var best = 0;
        while (best < NoEnd && open.TryPop(out var moment))
        {
            best = Math.Max(best, moment.Successes);
            foreach (var next in Follow(rule, moment, apart))
            {
                if (seen.Add(next))
                {
                    open.Push(next);
                }
            }
        }

        output.WriteLine($"{best} of the thief's refreshes succeed at most ({seen.Count} states)");
        return best;
    }

    private static IEnumerable<Moment> Follow(ModelRule rule, Moment moment, bool apart)
    {
        // A request is decided when it arrives, or one tick later.
        for (var waited = 0; waited <= 1; waited++)
        {
            var victim = rule.Decide(moment.Row, moment.VictimToken, waited, default);
            if (moment.VictimRefreshes < NoEnd + 2 && (!apart || moment.SinceThief - waited > Grace) && !victim.IsRefused)
            {
                yield return moment with
                {
                    Row = victim.Row,
                    VictimToken = victim.Row.Generation,
                    SinceVictim = 0,
                    ThiefHasActed = false,
                    VictimRefreshes = (byte)(moment.VictimRefreshes + 1),
                };
            }

            var thief = rule.Decide(moment.Row, moment.ThiefToken, waited, default);
            if (!moment.ThiefHasActed && (!apart || moment.SinceVictim - waited > Grace) && !thief.IsRefused)
            {
                yield return moment with
                {
                    Row = thief.Row,
                    ThiefToken = thief.Row.Generation,
                    SinceThief = 0,
                    ThiefHasActed = true,
                    Successes = (byte)(moment.Successes + 1),
                };
            }
        }

        yield return moment with
        {
            Row = moment.Row with { Age = Older(moment.Row.Age) },
            SinceVictim = Older(moment.SinceVictim),
            SinceThief = Older(moment.SinceThief),
        };
    }

    private static byte Older(byte age) => (byte)Math.Min(age + 1, Oldest);
}
