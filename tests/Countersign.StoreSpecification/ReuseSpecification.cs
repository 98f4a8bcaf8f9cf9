using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>
/// A stolen session ends when its owner comes back, however long that takes: a token that was left behind shows the theft also past its own expiry.
/// </summary>
public abstract class ReuseSpecification(ITestDatabase database) : StoreSuite(database)
{
    private const string Address = "192.0.2.7";
    private const string ReuseEvents = "kind = 'refresh_token_reused' AND user_id = 'ada' AND ip_address = '192.0.2.7'";

    private static readonly TimeSpan Idle = TimeSpan.FromDays(7);
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Refresh_OwnerAwayForLongerThanTheIdleLifetime_EndsTheThiefsSession()
    {
        var (node, owners) = await LogInAsync();
        var thiefs = await GoOnAsync(node, owners, Idle + TimeSpan.FromDays(1));

        var result = await node.Sessions.RefreshAsync(owners.RefreshToken, Address);

        Assert.Equal(RefreshError.Reused, result.Error());
        await AssertReuseEndedAsync(node, owners);
        Assert.Equal(RefreshError.SessionRevoked, (await node.Sessions.RefreshAsync(thiefs.RefreshToken)).Error());
        Assert.False(node.Validator.TryValidate(thiefs.AccessToken, out _, out _));
    }

    [Fact]
    public async Task Refresh_ThiefRefreshedOnceAndTheOwnersTokenExpired_EndsTheThiefsSession()
    {
        var (node, owners) = await LogInAsync();
        Pass(Idle - Minute);
        var thiefs = (await node.Sessions.RefreshAsync(owners.RefreshToken)).Pair();
        Pass(2 * Minute);

        // Its parent, within the window of lost answers: an expired token earns no pair there, so nothing speaks for it.
        Assert.Equal(RefreshError.Reused, (await node.Sessions.RefreshAsync(owners.RefreshToken, Address)).Error());

        await AssertReuseEndedAsync(node, owners);
        Assert.Equal(RefreshError.SessionRevoked, (await node.Sessions.RefreshAsync(thiefs.RefreshToken)).Error());
    }

    [Fact]
    public async Task Refresh_RefreshKeyRotatedMeanwhile_EndsTheThiefsSession()
    {
        var (node, owners) = await LogInAsync();
        await GoOnAsync(node, owners, Idle);
        Assert.Null((await node.Get<KeyService>().RotateAsync(KeyUse.RefreshToken, force: true)).Error);
        var current = await node.Sessions.FindAsync(owners.Session.Id);
        Assert.NotNull(current);

        // Until the session's absolute expiry, less a minute: the key of the owner's token was replaced as long ago as it can have been.
        Pass(current.ExpiresAt - Time.GetUtcNow() - Minute);
        await ExecuteAsync("UPDATE countersign_sessions SET idle_expires_at = expires_at");
        await node.Get<Countersign.Sessions.Keys.StoredKeySource>().MaintainAsync(CancellationToken.None);

        Assert.Equal(RefreshError.Reused, (await node.Sessions.RefreshAsync(owners.RefreshToken, Address)).Error());
        await AssertReuseEndedAsync(node, owners);
    }

    [Fact]
    public async Task Refresh_ExpiredTokenOfASessionThatIsOverOrGone_IsExpiredAndLeavesNothing()
    {
        var (node, owners) = await LogInAsync();
        var last = await GoOnAsync(node, owners, Idle);
        Pass(Idle + Minute);

        foreach (var tokens in new[] { owners, last })
        {
            Assert.Equal(RefreshError.TokenExpired, (await node.Sessions.RefreshAsync(tokens.RefreshToken, Address)).Error());
        }

        await ExecuteAsync("DELETE FROM countersign_sessions");
        Assert.Equal(RefreshError.TokenExpired, (await node.Sessions.RefreshAsync(owners.RefreshToken, Address)).Error());
        Assert.Equal(0, await CountRowsAsync("countersign_security_events", "1 = 1"));
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Inspect_ExpiredTokenThatWasLeftBehind_ChangesNothing()
    {
        var (node, owners) = await LogInAsync();
        var thiefs = await GoOnAsync(node, owners, Idle + Minute);

        Assert.Null(await node.Sessions.InspectAsync(owners.RefreshToken, CancellationToken.None));

        Assert.Equal(0, await CountRowsAsync("countersign_security_events", "1 = 1"));
        Assert.NotNull(await node.Sessions.InspectAsync(thiefs.RefreshToken, CancellationToken.None));
    }

    private async Task AssertReuseEndedAsync(Node node, SessionTokens tokens)
    {
        var row = await node.Sessions.FindAsync(tokens.Session.Id);
        Assert.Equal(RevocationReason.RefreshTokenReused, row?.State.RevokedReason);
        Assert.True(node.Revocations.TryFind(tokens.Session.Id, out _));
        Assert.Equal(1, await CountRowsAsync("countersign_revocations", $"reason = {(int)RevocationReason.RefreshTokenReused}"));
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", ReuseEvents));
    }

    private async Task<(Node Node, SessionTokens Tokens)> LogInAsync()
    {
        Accounts.Add("ada");
        var node = await StartNodeAsync();
        return (node, await node.LogInAsync("ada"));
    }

    /// <summary>One side goes on alone, with a refresh every two days, for some time.</summary>
    private async Task<SessionTokens> GoOnAsync(Node node, SessionTokens tokens, TimeSpan time)
    {
        for (var left = time; left > TimeSpan.Zero; left -= TimeSpan.FromDays(2))
        {
            Pass(left < TimeSpan.FromDays(2) ? left : TimeSpan.FromDays(2));
            tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
        }

        return tokens;
    }
}
