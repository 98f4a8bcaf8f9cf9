using System.Data.Common;
using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Sessions.Writing;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>Accounts that the writer's transaction reads: what a decision rests on, and whom it holds up where they can't be read.</summary>
public abstract class AccountReadSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task Refresh_AccountDeactivatedWhileItWaits_Refused()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        var (reached, stalled) = store.Stall();

        var refresh = node.Sessions.RefreshAsync(tokens.RefreshToken);
        await reached;
        Accounts.Add("ada", isActive: false);
        stalled.SetResult();

        Assert.Equal(RefreshError.AccountInactive, (await refresh).Error());
    }

    [Fact]
    public async Task Refresh_AccountDeletedWhileAnotherNodeHoldsTheRow_Refused()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        store.Hold(tokens.Session.Id);

        var refresh = node.Sessions.RefreshAsync(tokens.RefreshToken);
        await store.WaitForAttemptAsync();
        Accounts.Remove("ada");
        store.Release();

        Assert.Equal(RefreshError.AccountUnknown, (await refresh).Error());
    }

    [Fact]
    public async Task Refresh_RolesChangedWhileItWaits_AreInTheToken()
    {
        var (node, store) = await StartStallingAsync();
        var tokens = await node.LogInAsync("ada");
        var (reached, stalled) = store.Stall();

        var refresh = node.Sessions.RefreshAsync(tokens.RefreshToken);
        await reached;
        Accounts.Add("ada", roles: "keeper");
        stalled.SetResult();

        var next = (await refresh).Pair();
        Assert.True(node.Validator.TryValidate(next.AccessToken, out var claims, out _));
        Assert.Equal(["keeper"], claims.Roles);
    }

    /// <summary>As two tabs of one person ask: the account is read once for both.</summary>
    [Fact]
    public async Task Refresh_TwoSessionsOfOneAccountInABatch_BothGoOn()
    {
        var (node, store) = await StartStallingAsync();
        var (one, other) = (await node.LogInAsync("ada"), await node.LogInAsync("ada"));
        var (reached, stalled) = store.Stall();

        var first = node.Sessions.RevokeAsync(Guid.Empty, RevocationReason.LoggedOut);
        await reached;
        var refreshes = new[] { one, other }.Select(tokens => node.Sessions.RefreshAsync(tokens.RefreshToken)).ToList();
        stalled.SetResult();

        Assert.False(await first);
        Assert.All(await Task.WhenAll(refreshes), static refreshed => Assert.Equal(2, refreshed.Pair().RefreshGeneration));
    }

    [Fact]
    public async Task Refresh_AccountsCanNotBeRead_UnavailableAndWhoSharesTheBatchGoesOn()
    {
        var (node, store) = await StartStallingAsync();
        Accounts.Add("bob");
        var (refreshing, leaving) = (await node.LogInAsync("ada"), await node.LogInAsync("bob"));
        var (reached, stalled) = store.Stall();
        Accounts.Failure = new UnreadableException();

        var first = node.Sessions.RevokeAsync(Guid.Empty, RevocationReason.LoggedOut);
        await reached;
        var refresh = node.Sessions.RefreshAsync(refreshing.RefreshToken);
        var leave = node.Sessions.RevokeAsync(leaving.Session.Id, RevocationReason.LoggedOut);
        stalled.SetResult();

        Assert.False(await first);
        Assert.True(await leave);
        Assert.Same(Accounts.Failure, (await Assert.ThrowsAsync<SessionsUnavailableException>(() => refresh)).InnerException);
        Accounts.Failure = null;
        Assert.Equal(2, (await node.Sessions.RefreshAsync(refreshing.RefreshToken)).Pair().RefreshGeneration);
    }

    /// <summary>
    /// Each failure takes as long as a lock is waited for: who needs no account is not to wait for it, also not after a batch that came too late to
    /// read any.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Revoke_AccountsCouldNotBeReadLast_ComesBeforeThem(bool oneCameTooLate)
    {
        var (node, store) = await StartStallingAsync();
        Accounts.Add("bob");
        var (refreshing, leaving) = (await node.LogInAsync("ada"), await node.LogInAsync("bob"));
        Accounts.Failure = new UnreadableException();
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(refreshing.RefreshToken));
        if (oneCameTooLate)
        {
            store.BeforeBegin = () =>
            {
                Time.Advance(SessionWriter.DecisionLimit + TimeSpan.FromSeconds(1));
                return Task.CompletedTask;
            };
            await Assert.ThrowsAsync<SessionsUnavailableException>(() => node.Sessions.RefreshAsync(refreshing.RefreshToken));
        }

        var (reached, stalled) = store.Stall();
        var first = node.Sessions.RevokeAsync(Guid.Empty, RevocationReason.LoggedOut);
        await reached;
        var refresh = node.Sessions.RefreshAsync(refreshing.RefreshToken);
        var leave = node.Sessions.RevokeAsync(leaving.Session.Id, RevocationReason.LoggedOut);
        var (next, held) = (0, new TaskCompletionSource());
        store.BeforeBegin = () => Interlocked.Increment(ref next) == 2 ? held.Task : Task.CompletedTask;
        stalled.SetResult();

        Assert.False(await first);
        Assert.True(await leave);
        Assert.False(refresh.IsCompleted);
        held.SetResult();
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => refresh);
    }

    private sealed class UnreadableException() : DbException("As a lock on the app's table does it.");
}
