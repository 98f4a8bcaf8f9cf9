using Countersign.Sessions;
using Countersign.Sessions.Rotation;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What a refresh token ends at a logout: its own session always, the account's others only where a refresh would take it.</summary>
public abstract class LogOutSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const string Address = "192.0.2.7";
    private const string Events = "countersign_security_events";
    private const string ReuseEvents = "kind = 'refresh_token_reused' AND user_id = 'ada' AND ip_address = '192.0.2.7' AND detail = 'generation 1 presented'";

    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Idle = TimeSpan.FromDays(7);

    [Fact]
    public async Task LogOutEverywhere_CurrentAndParent_EndTheAccountsSessions()
    {
        var node = await StartAsync();
        foreach (var byParent in new[] { false, true })
        {
            var (first, other) = (await node.LogInAsync("ada"), await node.LogInAsync("ada"));
            var bob = await node.LogInAsync("bob");
            var second = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
            Time.Advance(2 * Minute);

            Assert.Null(await node.Sessions.LogOutEverywhereAsync((byParent ? first : second).RefreshToken, Address));

            Assert.Equal(RevocationReason.LoggedOutEverywhere, await EndOfAsync(node, first));
            Assert.Equal(RevocationReason.LoggedOutEverywhere, await EndOfAsync(node, other));
            Assert.Null(await EndOfAsync(node, bob));
            Assert.False(node.Validator.TryValidate(other.AccessToken, out _, out _));
        }

        Assert.Equal(0, await CountRowsAsync(Events, "1 = 1"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task LogOutEverywhere_TokenLeftBehind_IsReuseAndEndsItsOwnSessionAlone(bool expired)
    {
        var node = await StartAsync();
        var stale = await node.LogInAsync("ada");
        await GoOnAsync(node, stale, expired ? Idle + Minute : 4 * Minute);
        var other = await node.LogInAsync("ada");

        Assert.Equal(RefreshError.Reused, await node.Sessions.LogOutEverywhereAsync(stale.RefreshToken, Address));

        Assert.Equal(RevocationReason.RefreshTokenReused, await EndOfAsync(node, stale));
        Assert.Null(await EndOfAsync(node, other));
        Assert.Equal(1, await CountRowsAsync(Events, ReuseEvents));
        Assert.Equal(RefreshError.SessionRevoked, await node.Sessions.LogOutEverywhereAsync(stale.RefreshToken, Address));
        Assert.Null(await EndOfAsync(node, other));
        Assert.Equal(1, await CountRowsAsync(Events, "1 = 1"));
    }

    [Theory]
    [InlineData("session over", RefreshError.SessionRevoked)]
    [InlineData("session expired", RefreshError.TokenExpired)]
    [InlineData("row gone", RefreshError.SessionUnknown)]
    [InlineData("another check", RefreshError.CheckMismatch)]
    [InlineData("account inactive", RefreshError.AccountInactive)]
    [InlineData("stamp moved", RefreshError.AccountChanged)]
    [InlineData("no token", RefreshError.InvalidToken)]
    public async Task LogOutEverywhere_AnythingThatEarnsNoPair_EndsNoOtherSession(string what, RefreshError error)
    {
        var node = await StartAsync();
        var tokens = await node.LogInAsync("ada");
        switch (what)
        {
            case "session over":
                await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);
                break;
            case "session expired":
                Pass(Idle);
                break;
            case "row gone":
                await ExecuteAsync("DELETE FROM countersign_sessions");
                break;
            case "another check":
                await ExecuteAsync($"UPDATE countersign_sessions SET salt = {FreshBytes}");
                break;
            case "account inactive":
                Accounts.Add("ada", isActive: false);
                break;
            case "stamp moved":
                Accounts.Add("ada", stamp: "changed");
                break;
        }

        Accounts.Add("carol");
        var carol = await node.LogInAsync("carol");
        await ExecuteAsync("UPDATE countersign_sessions SET user_id = 'ada' WHERE user_id = 'carol'");

        Assert.Equal(error, await node.Sessions.LogOutEverywhereAsync(what == "no token" ? "nonsense" : tokens.RefreshToken, Address));

        Assert.Null(await EndOfAsync(node, carol));
        Assert.Equal(0, await CountRowsAsync(Events, "1 = 1"));
    }

    [Theory]
    [InlineData("current", RevocationReason.LoggedOut)]
    [InlineData("parent", RevocationReason.LoggedOut)]
    [InlineData("left behind", RevocationReason.RefreshTokenReused)]
    [InlineData("left behind and expired", RevocationReason.RefreshTokenReused)]
    public async Task LogOut_AnyTokenOfTheSession_EndsIt(string what, RevocationReason reason)
    {
        var node = await StartAsync();
        var first = await node.LogInAsync("ada");
        var last = what switch
        {
            "current" => first,
            "parent" => (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair(),
            _ => await GoOnAsync(node, first, what == "left behind" ? 4 * Minute : Idle + Minute),
        };
        var other = await node.LogInAsync("ada");

        Assert.True(await node.Sessions.LogOutAsync(first.RefreshToken, Address));

        Assert.Equal(reason, await EndOfAsync(node, first));
        Assert.Null(await EndOfAsync(node, other));
        Assert.False(node.Validator.TryValidate(last.AccessToken, out _, out _));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", $"reason = {(int)reason}"));
        Assert.Equal(reason == RevocationReason.RefreshTokenReused ? 1 : 0, await CountRowsAsync(Events, ReuseEvents));

        // Again: the session is over, which is what was asked for. Of one that is over an expired token says nothing.
        Assert.Equal(what != "left behind and expired", await node.Sessions.LogOutAsync(first.RefreshToken, Address));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    /// <summary>The row was changed so that it outlives its token: the token is no longer one that does anything.</summary>
    [Fact]
    public async Task LogOut_ExpiredTokenOfTheRowsGeneration_ChangesNothing()
    {
        var node = await StartAsync();
        var tokens = await node.LogInAsync("ada");
        await ExecuteAsync("UPDATE countersign_sessions SET idle_expires_at = expires_at");
        Pass(Idle);

        Assert.False(await node.Sessions.LogOutAsync(tokens.RefreshToken));

        Assert.Null(await EndOfAsync(node, tokens));
    }

    [Fact]
    public async Task LogOut_AccountsCanNotBeRead_EndsTheSessionAllTheSame()
    {
        var node = await StartAsync();
        var tokens = await node.LogInAsync("ada");
        Accounts.Failure = new TimeoutException("The table of accounts is locked.");

        Assert.True(await node.Sessions.LogOutAsync(tokens.RefreshToken));

        Assert.Equal(RevocationReason.LoggedOut, await EndOfAsync(node, tokens));
    }

    [Fact]
    public async Task LogOut_NoTokenOfARow_ChangesNothing()
    {
        var node = await StartAsync();
        var tokens = await node.LogInAsync("ada");
        Assert.False(await node.Sessions.LogOutAsync("nonsense"));
        Assert.False(await node.Sessions.LogOutAsync(tokens.AccessToken));
        await ExecuteAsync($"UPDATE countersign_sessions SET salt = {FreshBytes}");

        Assert.False(await node.Sessions.LogOutAsync(tokens.RefreshToken));

        Assert.Null(await EndOfAsync(node, tokens));
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task RevokeToken_TokenLeftBehind_IsReuseAndNamesTheClient()
    {
        var node = await StartAsync();
        var stale = await node.LogInAsync("ada");
        await GoOnAsync(node, stale, Idle + Minute);

        Assert.True(await node.Sessions.RevokeTokenAsync(stale.RefreshToken, "app", Address, CancellationToken.None));

        Assert.Equal(RevocationReason.RefreshTokenReused, await EndOfAsync(node, stale));
        Assert.Equal(1, await CountRowsAsync(Events, ReuseEvents));
        Assert.Equal(1, await CountRowsAsync(Events, "kind = 'token_revoked' AND detail = 'client app'"));
    }

    private async Task<Node> StartAsync()
    {
        Accounts.Add("ada");
        Accounts.Add("bob");
        return await StartNodeAsync();
    }

    private static async Task<RevocationReason?> EndOfAsync(Node node, SessionTokens tokens) =>
        (await node.Sessions.FindAsync(tokens.Session.Id))?.State.RevokedReason;

    /// <summary>One side goes on alone, with a refresh every two minutes or days.</summary>
    private async Task<SessionTokens> GoOnAsync(Node node, SessionTokens tokens, TimeSpan time)
    {
        var step = time > Idle ? TimeSpan.FromDays(2) : 2 * Minute;
        for (var left = time; left > TimeSpan.Zero; left -= step)
        {
            Pass(left < step ? left : step);
            tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
        }

        return tokens;
    }
}
