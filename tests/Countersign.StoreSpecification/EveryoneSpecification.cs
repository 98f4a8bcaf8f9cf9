using System.Collections.Concurrent;
using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Tokens;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What ends many sessions at once does on every store: everybody's, those in use since an instant, all of an account but one.</summary>
public abstract class EveryoneSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task RevokeEveryone_SessionsOfManyAccounts_RefusedHereAtOnceAndSoonElsewhere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        SessionTokens[] ended = [await node.LogInAsync("ada"), await node.LogInAsync("ada"), await other.LogInAsync("bob")];

        Assert.Equal(3, await node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator, "keys were seen"));

        foreach (var tokens in ended)
        {
            Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out var error));
            Assert.Equal(TokenError.EpochRevoked, error);
            Assert.Equal(RefreshError.SessionRevoked, (await other.Sessions.RefreshAsync(tokens.RefreshToken)).Error());
        }

        await AdvanceUntilAsync(() => other.Revocations.Epoch == 1);
        Assert.All(ended, tokens => Assert.False(other.Validator.TryValidate(tokens.AccessToken, out _, out _)));
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "revoked_at IS NULL"));
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "kind = 'everyone_revoked' AND detail = 'keys were seen'"));

        // Whoever logs in again is of the new epoch, on every node, and stays.
        var again = await other.LogInAsync("bob");
        Assert.True(node.Validator.TryValidate(again.AccessToken, out var claims, out _));
        Assert.Equal(1, claims.Epoch);
        Assert.Equal(2, (await node.Sessions.RefreshAsync(again.RefreshToken)).Pair().RefreshGeneration);
        Assert.Equal(1, await node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator));
        Assert.Equal(2, node.Revocations.Epoch);
    }

    [Fact]
    public async Task RevokeEveryone_NodeThatHasNotHeardYet_IssuesTokensOfTheNewEpoch()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        other.CutFeed();
        await node.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator);
        Assert.Equal(0, other.Revocations.Epoch);

        var tokens = await other.LogInAsync("ada");

        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.True(other.Validator.TryValidate(tokens.AccessToken, out _, out _));
    }

    [Fact]
    public async Task RevokeEveryone_NodeWhoseDatabaseWentBack_KeepsItsEpochAndItsOwnTokens()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        node.Revocations.RaiseEpoch(7);

        var tokens = await node.LogInAsync("ada");

        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out _, out _));
    }

    [Fact]
    public async Task RevokeEveryone_RacingLoginsAndRefreshesOfTwoNodes_EachEndsOnOneSide()
    {
        // The real clock, since the racers are real.
        Node[] nodes = [await StartNodeAsync(TimeProvider.System), await StartNodeAsync(TimeProvider.System)];
        var handedOut = new ConcurrentBag<SessionTokens>();
        for (var account = 0; account < 8; account++)
        {
            Accounts.Add($"user{account}");
        }

        for (var round = 1; round <= 20; round++)
        {
            var before = handedOut.ToArray();
            var logins = Enumerable.Range(0, 16).Select(i => Task.Run(() => KeepAsync(async () =>
                (await nodes[i % 2].Sessions.StartAsync($"user{i / 2}", new SignInContext())).TryGetTokens(out var first, out _) ? first : null)));
            var refreshes = before.TakeLast(16).Select((tokens, i) => Task.Run(() => KeepAsync(async () =>
                (await nodes[i % 2].Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out var next, out _) ? next : null)));
            var revoking = nodes[round % 2];
            await Task.WhenAll([.. logins, .. refreshes, Task.Run(() => revoking.Sessions.RevokeAllUsersAsync(RevocationReason.Administrator))]);

            // The node that ended them knows the new epoch already: what is of it is of a row that lives, and the other way round.
            Assert.Equal(round, revoking.Revocations.Epoch);
            foreach (var tokens in handedOut)
            {
                var row = await revoking.Sessions.FindAsync(tokens.Session.Id);
                Assert.Equal(row!.State.RevokedAt is null, revoking.Validator.TryValidate(tokens.AccessToken, out _, out _));
            }
        }

        await Patience.UntilAsync(() => Array.TrueForAll(nodes, static node => node.Revocations.Epoch == 20));
        Assert.True(handedOut.Count > 100, $"Only {handedOut.Count} pairs were handed out.");
        Assert.All(handedOut, tokens => Assert.Equal(
            nodes[0].Validator.TryValidate(tokens.AccessToken, out _, out _), nodes[1].Validator.TryValidate(tokens.AccessToken, out _, out _)));

        async Task KeepAsync(Func<Task<SessionTokens?>> get)
        {
            try
            {
                if (await get() is { } tokens)
                {
                    handedOut.Add(tokens);
                }
            }
            catch (SessionsUnavailableException)
            {
                // Told to come again, which is neither side.
            }
        }
    }

    [Fact]
    public async Task RevokeSince_SessionsInUseSinceThen_EndAndTheOthersGoOn()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        var idle = await node.LogInAsync("ada");
        var refreshed = await node.LogInAsync("bob");
        var over = await node.LogInAsync("bob");
        Time.Advance(TimeSpan.FromMinutes(5));
        var since = Time.GetUtcNow();
        await node.Sessions.RevokeAsync(over.Session.Id, RevocationReason.LoggedOut);
        await node.Sessions.RefreshAsync(refreshed.RefreshToken);
        var started = await node.LogInAsync("ada");
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(2, await node.Sessions.RevokeAllUsersSinceAsync(since, RevocationReason.Administrator));

        Assert.True(node.Validator.TryValidate(idle.AccessToken, out _, out _));
        Assert.Equal(2, (await node.Sessions.RefreshAsync(idle.RefreshToken)).Pair().RefreshGeneration);
        Assert.False(node.Validator.TryValidate(refreshed.AccessToken, out _, out _));
        Assert.False(node.Validator.TryValidate(started.AccessToken, out _, out _));
        Assert.Equal(RevocationReason.LoggedOut, (await node.Sessions.FindAsync(over.Session.Id))!.State.RevokedReason);
        Assert.Equal(2, await CountRowsAsync("countersign_security_events", "kind = 'session_ended_by_administrator'"));
        Assert.Equal(1, await node.Sessions.RevokeAllUsersSinceAsync(since - TimeSpan.FromDays(1), RevocationReason.Administrator));
    }

    [Fact]
    public async Task RevokeSince_MoreThanAPage_EverySessionEnds()
    {
        var node = await StartNodeAsync();
        for (var account = 0; account < 30; account++)
        {
            Accounts.Add($"user{account}");
        }

        await Task.WhenAll(Enumerable.Range(0, 1100).Select(i => node.LogInAsync($"user{i % 30}")));
        Time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1100, await node.Sessions.RevokeAllUsersSinceAsync(Time.GetUtcNow() - TimeSpan.FromHours(1), RevocationReason.Administrator));

        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "revoked_at IS NULL"));
        Assert.Equal(1100, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task RevokeOthers_SeveralSessions_OneGoesOn()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        var kept = await node.LogInAsync("ada");
        SessionTokens[] others = [await node.LogInAsync("ada"), await node.LogInAsync("ada")];
        var bob = await node.LogInAsync("bob");

        Assert.Equal(2, await node.Sessions.RevokeOthersAsync("ada", kept.Session.Id, RevocationReason.LoggedOutEverywhere));

        Assert.Equal(kept.Session.Id, Assert.Single(await node.Sessions.ListAsync("ada", null, 10)).Id);
        Assert.All(others, tokens => Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out _)));
        Assert.True(node.Validator.TryValidate(bob.AccessToken, out _, out _));

        // A session of somebody else keeps nothing of this account.
        Assert.Equal(1, await node.Sessions.RevokeOthersAsync("ada", bob.Session.Id, RevocationReason.LoggedOutEverywhere));
    }
}
