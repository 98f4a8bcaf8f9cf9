using Countersign.Tokens.Revocation;
using Microsoft.Extensions.Time.Testing;

namespace Countersign.Tokens.Tests.Revocation;

/// <summary>Sessions in the list whose accounts got other claims.</summary>
public sealed class RevocationListClaimsTests
{
    [Fact]
    public void AddClaimsChange_Again_TheHighestNumberCounts()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromMinutes(1));
        var session = Guid.CreateVersion7();
        list.AddClaimsChange(session, 7);
        list.AddClaimsChange(session, 3);

        Assert.True(list.IsStale(session, 6));
        Assert.False(list.IsStale(session, 7));
        Assert.False(list.TryFind(session, out _));
        Assert.False(list.IsStale(Guid.CreateVersion7(), 0));
        Assert.Equal(1, list.Count);
        Assert.Throws<ArgumentOutOfRangeException>(() => list.AddClaimsChange(session, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.RaiseStaleBefore(-1));
    }

    [Fact]
    public void AddClaimsChange_RevokedSession_StaysRevoked()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromMinutes(1));
        var session = Guid.CreateVersion7();
        list.AddClaimsChange(session, 7);

        Assert.True(list.Add(session, RevocationReason.LoggedOut));
        list.AddClaimsChange(session, 9);
        list.LowerClaimsChanges(0);

        Assert.False(list.Add(session, RevocationReason.Administrator));
        Assert.True(list.TryFind(session, out var reason));
        Assert.Equal((RevocationReason.LoggedOut, false, 1), (reason, list.IsStale(session, 0), list.Count));
    }

    [Fact]
    public void LowerClaimsChanges_ChangedAndRevokedSessions_OnlyNumbersOfTheFormerFall()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromMinutes(1));
        var (changed, revoked) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        list.AddClaimsChange(changed, 7);
        list.Add(revoked, RevocationReason.LoggedOut);
        list.RaiseStaleBefore(5);
        list.RaiseStaleBefore(4);
        Assert.Equal(5, list.StaleBefore);

        list.LowerClaimsChanges(6);
        Assert.Equal((5, 2, true, false), (list.StaleBefore, list.Count, list.IsStale(changed, 5), list.IsStale(changed, 6)));

        list.LowerClaimsChanges(3);
        Assert.Equal((3, true, false), (list.StaleBefore, list.IsStale(changed, 2), list.IsStale(changed, 3)));
        Assert.True(list.TryFind(revoked, out _));
        list.AddClaimsChange(changed, 4);
        Assert.Equal((true, false, 2), (list.IsStale(changed, 3), list.IsStale(changed, 4), list.Count));
        Assert.Throws<ArgumentOutOfRangeException>(() => list.LowerClaimsChanges(-1));
    }

    /// <summary>An entry for changed claims has no instant. It leaves by the monotonic clock alone, and a later change begins its age anew.</summary>
    [Fact]
    public void Sweep_ClaimsChange_LeavesARetentionAfterTheLastChange()
    {
        var time = new FakeTimeProvider();
        var list = new RevocationList(time, TimeSpan.FromHours(1));
        var session = Guid.CreateVersion7();
        list.AddClaimsChange(session, 7);
        time.Advance(TimeSpan.FromMinutes(50));
        list.AddClaimsChange(session, 9);
        time.Advance(TimeSpan.FromMinutes(50));

        Assert.Equal(0, list.Sweep());
        Assert.True(list.IsStale(session, 8));
        time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(1, list.Sweep());
        Assert.False(list.IsStale(session, 0));
    }

    [Fact]
    public void FindUnnamed_ClaimsChange_IsNotPutBack()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromMinutes(1));
        list.AddClaimsChange(Guid.CreateVersion7(), long.MaxValue);
        list.BeginPass();

        Assert.Empty(list.FindUnnamed(DateTimeOffset.MinValue, 10));
    }

    /// <summary>A reader sees the number of before or of after, and never a session that is revoked and stale, or neither.</summary>
    [Fact]
    public async Task IsStale_WhileSessionsChangeAndAreRevoked_NeverAccepts()
    {
        var list = new RevocationList(TimeProvider.System, TimeSpan.FromHours(1));
        var sessions = Enumerable.Range(0, 20_000).Select(static _ => Guid.CreateVersion7()).ToArray();
        foreach (var session in sessions)
        {
            list.AddClaimsChange(session, 1);
        }

        var accepted = 0;
        var reading = Task.Run(() =>
        {
            for (var round = 0; round < 20; round++)
            {
                accepted += sessions.Count(session => !list.TryFind(session, 0, out _, out var isStale) && !isStale);
            }
        });
        foreach (var (index, session) in sessions.Index())
        {
            list.AddClaimsChange(session, index + 2);
            list.Add(session, RevocationReason.LoggedOut, TimeProvider.System.GetUtcNow());
        }

        await reading;
        Assert.Equal(0, accepted);
    }
}
