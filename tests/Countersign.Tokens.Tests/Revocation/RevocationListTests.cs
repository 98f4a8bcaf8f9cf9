using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tokens.Tests.Revocation;

public sealed class RevocationListTests
{
    private static readonly TimeSpan Retention = TimeSpan.FromMinutes(75);

    [Fact]
    public void Add_Again_KeepsTheFirstReason()
    {
        var list = new RevocationList(new FakeTimeProvider(), Retention);
        var session = Guid.CreateVersion7();

        Assert.True(list.Add(session, RevocationReason.LoggedOut));
        Assert.False(list.Add(session, RevocationReason.AccountInactive));

        Assert.True(list.TryFind(session, out var reason));
        Assert.Equal(RevocationReason.LoggedOut, reason);
        Assert.Equal(1, list.Count);
    }

    [Fact]
    public void Add_InactiveThenDeleted_BecomesDeleted()
    {
        var list = new RevocationList(new FakeTimeProvider(), Retention);
        var session = Guid.CreateVersion7();
        list.Add(session, RevocationReason.AccountInactive);

        Assert.False(list.Add(session, RevocationReason.AccountDeleted));

        list.TryFind(session, out var reason);
        Assert.Equal(RevocationReason.AccountDeleted, reason);
    }

    [Fact]
    public void TryFind_NotThere_ReasonIsUnset()
    {
        var list = new RevocationList(new FakeTimeProvider(), Retention);

        Assert.False(list.TryFind(Guid.Empty, out var reason));
        Assert.False(Enum.IsDefined(reason));
    }

    [Theory]
    [InlineData((RevocationReason)0)]
    [InlineData((RevocationReason)99)]
    public void Add_NoSuchReason_Throws(RevocationReason reason) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RevocationList(new FakeTimeProvider(), Retention).Add(Guid.CreateVersion7(), reason));

    [Fact]
    public void Sweep_ByAge_ForgetsOnlyWhatIsOlderThanTheRetention()
    {
        var time = new FakeTimeProvider();
        var list = new RevocationList(time, Retention);
        var first = Guid.CreateVersion7();
        var second = Guid.CreateVersion7();
        list.Add(first, RevocationReason.LoggedOut);
        time.Advance(TimeSpan.FromMinutes(1));
        list.Add(second, RevocationReason.LoggedOut);
        // Added again: its age stays that of the first time.
        list.Add(first, RevocationReason.LoggedOut);

        time.Advance(Retention - TimeSpan.FromMinutes(1));
        Assert.Equal(0, list.Sweep());
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, list.Sweep());
        Assert.False(list.TryFind(first, out _));
        Assert.True(list.TryFind(second, out _));
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(1, list.Sweep());
        Assert.Equal(0, list.Count);
    }

    [Fact]
    public void Sweep_WallClockJumps_ForgetsAndRevivesNothing()
    {
        var time = new JumpingTime();
        var list = new RevocationList(time, Retention);
        var session = Guid.CreateVersion7();
        list.Add(session, RevocationReason.LoggedOut);

        foreach (var jump in new[] { TimeSpan.FromDays(3650), TimeSpan.FromDays(-3650), TimeSpan.FromHours(1), TimeSpan.FromDays(-1) })
        {
            time.Wall += jump;
            Assert.Equal(0, list.Sweep());
            Assert.True(list.TryFind(session, out _));
        }

        time.Monotonic += (long)Retention.TotalMilliseconds + 1;
        time.Wall = DateTimeOffset.UnixEpoch;
        Assert.Equal(1, list.Sweep());
    }

    [Fact]
    public void RaiseEpoch_LowerOrEqual_ChangesNothing()
    {
        var list = new RevocationList(new FakeTimeProvider(), Retention);
        list.RaiseEpoch(5);
        list.RaiseEpoch(3);
        list.RaiseEpoch(5);

        Assert.Equal(5, list.Epoch);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RaiseEpoch(-1));
    }

    [Fact]
    public void RaiseEpoch_ManyThreads_EndsAtTheHighest()
    {
        var list = new RevocationList(new FakeTimeProvider(), Retention);
        var fell = 0;

        Parallel.For(0, 20_000, i =>
        {
            list.RaiseEpoch((i * 7919) % 20_000);
            var seen = list.Epoch;
            if (list.Epoch < seen)
            {
                Interlocked.Increment(ref fell);
            }
        });

        Assert.Equal(19_999, list.Epoch);
        Assert.Equal(0, fell);
    }

    [Fact]
    public void Add_ManyThreadsWhileSweeping_EachSessionIsAddedOnce()
    {
        var list = new RevocationList(TimeProvider.System, Retention);
        var sessions = Enumerable.Range(0, 5_000).Select(_ => Guid.CreateVersion7()).ToArray();
        var added = 0;

        Parallel.For(0, 8, worker =>
        {
            foreach (var session in sessions)
            {
                if (list.Add(session, worker % 2 == 0 ? RevocationReason.LoggedOut : RevocationReason.AccountInactive))
                {
                    Interlocked.Increment(ref added);
                }

                Assert.True(list.TryFind(session, out _));
            }

            Assert.Equal(0, list.Sweep());
        });

        Assert.Equal(sessions.Length, added);
        Assert.Equal(sessions.Length, list.Count);
        Assert.All(sessions, session => Assert.True(list.TryFind(session, out _)));
    }

    [Fact]
    public void Constructor_NoRetention_Throws() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RevocationList(new FakeTimeProvider(), TimeSpan.Zero));

    /// <summary>A wall clock that moves apart from the monotonic one, as a machine's does when it is set.</summary>
    private sealed class JumpingTime : TimeProvider
    {
        public DateTimeOffset Wall { get; set; } = Forge.Start;

        public long Monotonic { get; set; } = 1_000_000;

        public override long TimestampFrequency => 1000;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Monotonic;
    }
}
