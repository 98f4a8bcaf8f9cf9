using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What sessions do on every store: their start, races of their refreshes, revocation, limits, lists.</summary>
public abstract class SessionSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);
    private static readonly int Races = Suite.Count(usual: 100, all: 1000);

    [Fact]
    public async Task Start_ActiveAccount_PairOfGenerationOneThatValidates()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada", roles: ["admin"]);

        var tokens = await node.LogInAsync("ada");

        Assert.Equal(1, tokens.RefreshGeneration);
        Assert.InRange(tokens.ExpiresIn, TimeSpan.FromMinutes(27), TimeSpan.FromMinutes(30));
        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out var claims, out _));
        Assert.Equal("ada", claims.Subject);
        Assert.Equal(tokens.Session.Id, claims.SessionId);
        Assert.Equal(["admin"], claims.Roles);
        Assert.Equal(["pwd"], claims.Methods);
        Assert.Equal(Time.GetUtcNow(), claims.AuthenticatedAt);
        Assert.Equal(tokens.ExpiresIn, claims.ExpiresAt - claims.IssuedAt);
    }

    [Fact]
    public async Task Start_TextThatNoDatabaseHolds_IsMadeFitAndNobodyElseFails()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");

        // Half of the pair would be cut off, at the length of the column.
        var agent = $"a\0b\ud800{new string('x', 509)}\U0001F600";
        var tokens = (await node.Sessions.StartAsync("ada", new SignInContext { UserAgent = agent, IpAddress = "\0", Label = "\udc00" })).Pair();

        var session = await node.Sessions.FindAsync(tokens.Session.Id);
        Assert.Equal($"ab{new string('x', 509)}", session!.UserAgent);
        Assert.Null(session.IpAddress);
        Assert.Null(session.Label);
    }

    [Theory]
    [InlineData("inactive", SessionStartError.AccountInactive)]
    [InlineData("unknown", SessionStartError.AccountUnknown)]
    [InlineData("many-roles", SessionStartError.TokenTooLarge)]
    public async Task Start_AccountThatMayNot_SaysWhyAndWritesNoRow(string userId, SessionStartError expected)
    {
        var node = await StartNodeAsync();
        Accounts.Add("inactive", isActive: false);
        Accounts.Add("many-roles", roles: [.. Enumerable.Range(0, 40).Select(static index => $"{index:000}{new string('r', 197)}")]);

        Assert.Equal(expected, (await node.Sessions.StartAsync(userId, new SignInContext())).Error());
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "1 = 1"));
    }

    [Fact]
    public async Task Start_StampMovedSinceTheCheck_RefusedAndNoRowWritten()
    {
        var node = await StartNodeAsync();
        var before = Accounts.Add("ada").Stamp;
        Accounts.Add("ada", stamp: "changed");

        Assert.Equal(SessionStartError.AccountChanged, (await node.Sessions.StartAsync("ada", new SignInContext { Stamp = before })).Error());
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "1 = 1"));
    }

    /// <summary>Between the first look and the row the account can change: the second look ends the session.</summary>
    [Fact]
    public async Task Start_StampMovesWhileTheRowIsWritten_RefusedAndTheSessionIsRevoked()
    {
        var (node, store) = await StartStallingAsync();
        var (reached, stalled) = store.Stall();
        var starting = node.Sessions.StartAsync("ada", new SignInContext());
        await reached;
        Accounts.Add("ada", stamp: "changed");
        stalled.SetResult();

        Assert.Equal(SessionStartError.AccountChanged, (await starting).Error());
        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "revoked_at IS NOT NULL"));
    }

    /// <summary>
    /// A pair that can't be answered must not replace the one that the client has: the session lives, and a refresh works once the roles are fewer.
    /// </summary>
    [Fact]
    public async Task Refresh_RolesHaveGrownTooMany_RefusedAndTheSessionLives()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        Accounts.Add("ada", roles: [.. Enumerable.Range(0, 40).Select(static index => $"{index:000}{new string('r', 197)}")]);

        Assert.False((await node.Sessions.RefreshAsync(tokens.RefreshToken)).TryGetTokens(out _, out var error));
        Assert.Equal(RefreshError.TokenTooLarge, error);

        Accounts.Add("ada", roles: ["reader"]);
        Assert.Equal(2, (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair().RefreshGeneration);
    }

    [Fact]
    public async Task FindAddresses_SessionsLiveAndOver_EachAddressOnce()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        foreach (var address in new[] { "192.0.2.1", "192.0.2.1", "2001:db8::1", null })
        {
            await node.Sessions.StartAsync("ada", new SignInContext { IpAddress = address });
        }

        await node.Sessions.StartAsync("bob", new SignInContext { IpAddress = "198.51.100.1" });
        await node.Sessions.RevokeUserAsync("ada", RevocationReason.LoggedOutEverywhere);

        Assert.Equal(["192.0.2.1", "2001:db8::1"], (await node.Sessions.FindAddressesAsync("ada", CancellationToken.None)).Order(StringComparer.Ordinal));
        Assert.Empty(await node.Sessions.FindAddressesAsync("name:nobody", CancellationToken.None));
    }

    [Fact]
    public async Task Refresh_ManyTimesTwoAtOnceWithoutAGrace_NobodyRefused()
    {
        // The real clock: the racers are real, and the stand must not come between them.
        var node = await StartNodeAsync(
            TimeProvider.System, static services => services.Configure<CountersignRefreshOptions>(static options => options.Grace = TimeSpan.Zero));
        Accounts.Add("ada");
        var current = await node.LogInAsync("ada");

        for (var i = 0; i < Races; i++)
        {
            var racers = await Task.WhenAll(
                Task.Run(() => node.Sessions.RefreshAsync(current.RefreshToken)),
                Task.Run(() => node.Sessions.RefreshAsync(current.RefreshToken)));
            var answers = racers
                .Select(static racer => racer.TryGetTokens(out var tokens, out var error) ? tokens : throw new InvalidOperationException($"Refused: {error}"))
                .ToList();

            // With no grace at all one racer can displace the other's child, never log it out: whoever holds the higher generation goes on.
            current = answers.MaxBy(static answer => answer.RefreshGeneration)!;
        }

        Assert.Equal(1, await CountRowsAsync("countersign_sessions", "1 = 1"));
    }

    [Fact]
    public async Task Refresh_ManyTimesTwoAtOnce_OneSuccessorByteForByte()
    {
        var node = await StartNodeAsync(
            TimeProvider.System, static services => services.Configure<CountersignSessionOptions>(static options => options.MaxPerUser = Races));
        Accounts.Add("ada");

        for (var i = 0; i < Races; i++)
        {
            var first = await node.LogInAsync("ada");
            var racers = await Task.WhenAll(
                Task.Run(() => node.Sessions.RefreshAsync(first.RefreshToken)),
                Task.Run(() => node.Sessions.RefreshAsync(first.RefreshToken)));

            Assert.True(racers[0].TryGetTokens(out var one, out var error), error?.ToString());
            Assert.True(racers[1].TryGetTokens(out var two, out error), error?.ToString());
            Assert.Equal(one.RefreshToken, two.RefreshToken);
            Assert.Equal(2, one.RefreshGeneration);
        }
    }

    [Fact]
    public async Task Revoke_LiveSession_RefusedAtOnceHereAndSoonElsewhere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        Assert.True(other.Validator.TryValidate(tokens.AccessToken, out _, out _));

        Assert.True(await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut));

        Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.Equal(RefreshError.SessionRevoked, (await other.Sessions.RefreshAsync(tokens.RefreshToken)).Error());
        await AdvanceUntilAsync(() => !other.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.False(await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut));
    }

    [Fact]
    public async Task RevokeAll_SeveralSessions_AllOfThisAccountAndNoOther()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        var ada = new[] { await node.LogInAsync("ada"), await node.LogInAsync("ada") };
        var bob = await node.LogInAsync("bob");

        Assert.Equal(2, await node.Sessions.RevokeUserAsync("ada", RevocationReason.AccountInactive));

        Assert.All(ada, tokens =>
        {
            Assert.False(node.Validator.TryValidate(tokens.AccessToken, out _, out var error));
            Assert.Equal(Tokens.TokenError.AccountInactive, error);
        });
        Assert.True(node.Validator.TryValidate(bob.AccessToken, out _, out _));
        Assert.Equal(2, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Start_OneMoreThanTheLimit_LeastRecentlyRefreshedGivesWay()
    {
        var node = await StartNodeAsync(static services => services.Configure<CountersignSessionOptions>(static options => options.MaxPerUser = 2));
        Accounts.Add("ada");
        var oldest = await node.LogInAsync("ada");
        Time.Advance(TimeSpan.FromMinutes(1));
        var second = await node.LogInAsync("ada");
        Time.Advance(TimeSpan.FromMinutes(1));
        (await node.Sessions.RefreshAsync(oldest.RefreshToken)).Pair();
        Time.Advance(TimeSpan.FromMinutes(1));

        var third = await node.LogInAsync("ada");

        var live = await node.Sessions.ListAsync("ada", null, 10);
        Assert.Equal([third.Session.Id, oldest.Session.Id], live.Select(static session => session.Id));
        Assert.Equal(RefreshError.SessionLimit, (await node.Sessions.RefreshAsync(second.RefreshToken)).Error());
        Assert.False(node.Validator.TryValidate(second.AccessToken, out _, out var error));
        Assert.Equal(Tokens.TokenError.SessionLimit, error);
    }

    [Fact]
    public async Task List_MoreThanAPage_EverySessionOnceNewestFirst()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        List<Guid> expected = [];
        for (var i = 0; i < 7; i++)
        {
            expected.Insert(0, (await node.LogInAsync("ada")).Session.Id);
            Time.Advance(TimeSpan.FromSeconds(1));
        }

        List<Guid> listed = [];
        Guid? before = null;
        while (await node.Sessions.ListAsync("ada", before, 3) is { Count: > 0 } page)
        {
            listed.AddRange(page.Select(static session => session.Id));
            before = page[^1].Id;
        }

        Assert.Equal(expected, listed);
    }

    [Fact]
    public async Task Find_SavedSession_EveryColumnComesBack()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var context = new SignInContext { IpAddress = "192.0.2.1", UserAgent = "curl/8", Label = "desk", Methods = ["pwd", "otp"] };
        var started = (await node.Sessions.StartAsync("ada", context)).Pair();
        Time.Advance(TimeSpan.FromMinutes(2));
        var refreshed = (await node.Sessions.RefreshAsync(started.RefreshToken)).Pair();

        var found = await node.Sessions.FindAsync(started.Session.Id);

        Assert.NotNull(found);
        Assert.Equal(refreshed.Session.State, found.State);
        Assert.Equal(started.Session.Salt.ToArray(), found.Salt.ToArray());
        Assert.Equal(started.Session.Stamp.ToArray(), found.Stamp.ToArray());
        Assert.Equal(
            (started.Session.UserId, started.Session.CreatedAt, started.Session.ExpiresAt, started.Session.AuthenticatedAt, "192.0.2.1", "curl/8", "desk"),
            (found.UserId, found.CreatedAt, found.ExpiresAt, found.AuthenticatedAt, found.IpAddress, found.UserAgent, found.Label));
        Assert.Equal(["pwd", "otp"], found.Methods);
    }

    [Fact]
    public async Task Refresh_IdleAndAbsoluteExpiry_BothBind()
    {
        // Short lifetimes: the clock of the test fires every timer on its way.
        var node = await StartNodeAsync(static services => services.Configure<CountersignSessionOptions>(static options =>
        {
            options.AccessTokenLifetime = TimeSpan.FromMinutes(1);
            options.IdleLifetime = TimeSpan.FromMinutes(5);
            options.AbsoluteLifetime = TimeSpan.FromMinutes(14);
        }));
        Accounts.Add("ada");
        var began = Time.GetUtcNow();
        var idle = await node.LogInAsync("ada");
        var kept = await node.LogInAsync("ada");
        for (var i = 0; i < 3; i++)
        {
            Time.Advance(TimeSpan.FromMinutes(4));
            kept = (await node.Sessions.RefreshAsync(kept.RefreshToken)).Pair();
        }

        Assert.Equal(RefreshError.TokenExpired, (await node.Sessions.RefreshAsync(idle.RefreshToken)).Error());
        Assert.Equal(began.AddMinutes(14), kept.Session.ExpiresAt);
        Assert.Equal(kept.Session.ExpiresAt, kept.Session.State.IdleExpiresAt);
        Time.Advance(TimeSpan.FromMinutes(2) - TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.FromSeconds(1), (await node.Sessions.RefreshAsync(kept.RefreshToken)).Pair().ExpiresIn);
        Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(RefreshError.TokenExpired, (await node.Sessions.RefreshAsync(kept.RefreshToken)).Error());
    }

    [Fact]
    public async Task Refresh_WithinTheStandShortlyBeforeTheIdleExpiry_AccessTokenEndsWithTheSession()
    {
        var node = await StartNodeAsync(static services =>
        {
            services.Configure<CountersignSessionOptions>(static options => options.AccessTokenLifetime = options.IdleLifetime = TimeSpan.FromMinutes(5));
            services.Configure<CountersignRefreshOptions>(static options => options.Grace = TimeSpan.FromMinutes(5));
        });
        Accounts.Add("ada");
        var second = (await node.Sessions.RefreshAsync((await node.LogInAsync("ada")).RefreshToken)).Pair();
        Time.Advance(TimeSpan.FromMinutes(4));

        var standing = (await node.Sessions.RefreshAsync(second.RefreshToken)).Pair();

        Assert.Equal(TimeSpan.FromMinutes(1), standing.ExpiresIn);
        Time.Advance(TimeSpan.FromMinutes(1));
        Assert.False(node.Validator.TryValidate(standing.AccessToken, out _, out _));
    }

    [Fact]
    public async Task Refresh_ClockSteppedBackAnHour_NobodyIsLoggedOut()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Time.Advance(TimeSpan.FromHours(2));
        var first = await node.LogInAsync("ada");
        Time.Advance(TimeSpan.FromMinutes(5));
        var second = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        Time.AdjustTime(Time.GetUtcNow() - TimeSpan.FromHours(1));

        Assert.Equal(2, (await node.Sessions.RefreshAsync(second.RefreshToken)).Pair().RefreshGeneration);
        Time.Advance(2 * Grace + TimeSpan.FromSeconds(1));
        Assert.Equal(3, (await node.Sessions.RefreshAsync(second.RefreshToken)).Pair().RefreshGeneration);
    }
}
