using Countersign.Sessions;
using Countersign.Tokens;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What a change of an account's claims does on every store: its access tokens are stale on every node, and its sessions live.</summary>
public abstract class ClaimsChangeSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task ClaimsChanged_TokensOfTheAccount_StaleHereAtOnceAndSoonElsewhere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada", roles: "admin");
        Accounts.Add("bob", roles: "admin");
        SessionTokens[] old = [await node.LogInAsync("ada"), await other.LogInAsync("ada")];
        var bobs = await node.LogInAsync("bob");

        Accounts.Add("ada");
        Assert.Equal(2, await node.Sessions.ClaimsChangedAsync("ada"));

        Assert.All(old, tokens => Assert.Equal(TokenError.Stale, ErrorAt(node, tokens)));
        await AdvanceUntilAsync(() => old.All(tokens => ErrorAt(other, tokens) is TokenError.Stale));
        Assert.All([node, other], one => Assert.Null(ErrorAt(one, bobs)));
        Assert.Equal(3, await CountRowsAsync("countersign_sessions", "revoked_at IS NULL"));
    }

    [Fact]
    public async Task Refresh_AfterAChange_GivesTheNewClaimsAndIsAcceptedEverywhere()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada", roles: "admin");
        var old = await node.LogInAsync("ada");
        Accounts.Add("ada", roles: "reader");
        await node.Sessions.ClaimsChangedAsync("ada");
        await AdvanceUntilAsync(() => ErrorAt(other, old) is TokenError.Stale);

        var next = (await other.Sessions.RefreshAsync(old.RefreshToken)).Pair();
        var login = await node.LogInAsync("ada");

        Assert.Equal(["reader"], RolesAt(node, next));
        Assert.Equal(["reader"], RolesAt(other, next));
        Assert.Equal(["reader"], RolesAt(node, login));
        Assert.Equal(["reader"], RolesAt(other, login));
    }

    [Fact]
    public async Task ClaimsChanged_ManyTimes_OnlyTheLastTokenCounts()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        for (var i = 0; i < 5; i++)
        {
            Accounts.Add("ada", roles: $"role{i}");
            await node.Sessions.ClaimsChangedAsync("ada");
            Assert.Equal(TokenError.Stale, ErrorAt(node, tokens));
            tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
            Assert.Equal([$"role{i}"], RolesAt(node, tokens));
        }

        Assert.Equal(5, await CountRowsAsync("countersign_revocations", "reason IS NULL"));
    }

    [Fact]
    public async Task ClaimsChanged_SessionThatEnds_IsRevokedAndNotStale()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await node.Sessions.ClaimsChangedAsync("ada");
        await node.Sessions.RevokeAsync(tokens.Session.Id, RevocationReason.LoggedOut);

        Assert.Equal(TokenError.SessionRevoked, ErrorAt(node, tokens));
        await AdvanceUntilAsync(() => ErrorAt(other, tokens) is TokenError.SessionRevoked);
        Assert.Equal(0, await node.Sessions.ClaimsChangedAsync("ada"));
        Assert.Equal(TokenError.SessionRevoked, ErrorAt(node, tokens));
    }

    [Fact]
    public async Task AllClaimsChanged_TokensOfAllAccounts_StaleUntilTheyAreRefreshed()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        SessionTokens[] old = [await node.LogInAsync("ada"), await other.LogInAsync("bob")];

        await node.Sessions.AllClaimsChangedAsync();

        Assert.All(old, tokens => Assert.Equal(TokenError.Stale, ErrorAt(node, tokens)));
        await AdvanceUntilAsync(() => old.All(tokens => ErrorAt(other, tokens) is TokenError.Stale));
        foreach (var tokens in old)
        {
            var next = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
            Assert.All([node, other], one => Assert.Null(ErrorAt(one, next)));
        }

        // A node that starts later knows it from the head, also when no entry is left.
        var late = await StartNodeAsync();
        Assert.All(old, tokens => Assert.Equal(TokenError.Stale, ErrorAt(late, tokens)));
        Assert.Equal(0, await CountRowsAsync("countersign_revocations", "1 = 1"));
    }

    [Fact]
    public async Task Start_NodeAfterAChange_RefusesTheOldToken()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var old = await node.LogInAsync("ada");
        await node.Sessions.ClaimsChangedAsync("ada");

        var late = await StartNodeAsync();

        Assert.Equal(TokenError.Stale, ErrorAt(late, old));
    }

    /// <summary>
    /// A restored database has other accounts, and numbers its feed anew. A token of the lost time carries claims that are no longer true, and a number that
    /// later changes would not reach.
    /// </summary>
    [Fact]
    public async Task Feed_DatabaseWentBack_OnlyTokensOfTheRestoredDatabaseAreAccepted()
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.Add("ada");
        var first = await node.LogInAsync("ada");
        await node.Sessions.ClaimsChangedAsync("ada");
        await node.Sessions.AllClaimsChangedAsync();
        await AdvanceUntilAsync(() => other.Revocations.StaleBefore == 2);
        var lost = (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();
        Assert.Null(ErrorAt(other, lost));

        await ExecuteAsync("DELETE FROM countersign_revocations");
        await ExecuteAsync("UPDATE countersign_feed_head SET seq = 0, stale_before = 0");
        await AdvanceUntilAsync(() => ErrorAt(node, lost) is TokenError.Stale && ErrorAt(other, lost) is TokenError.Stale);

        var next = (await other.Sessions.RefreshAsync(lost.RefreshToken)).Pair();
        Assert.All([node, other], one => Assert.Null(ErrorAt(one, next)));
        await node.Sessions.ClaimsChangedAsync("ada");
        await AdvanceUntilAsync(() => ErrorAt(other, next) is TokenError.Stale);
    }

    /// <summary>
    /// The account changes while a token is made, after its old claims were read, by each of the ways in which they are read. The token must be stale: it would
    /// carry the old claims until it expires.
    /// </summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task ClaimsChanged_AfterTheAccountWasRead_TheTokenIsStale(bool isLogin)
    {
        var node = await StartNodeAsync();
        var other = await StartNodeAsync();
        Accounts.IsJoined = false;
        Accounts.Add("ada", roles: "admin");
        var first = await node.LogInAsync("ada");

        Accounts.AfterRead = async () =>
        {
            Accounts.Add("ada");
            await other.Sessions.ClaimsChangedAsync("ada");
        };
        var tokens = isLogin ? await node.LogInAsync("ada") : (await node.Sessions.RefreshAsync(first.RefreshToken)).Pair();

        await AdvanceUntilAsync(() => ErrorAt(node, tokens) is TokenError.Stale && ErrorAt(other, tokens) is TokenError.Stale);
    }

    private static TokenError? ErrorAt(Node node, SessionTokens tokens) =>
        node.Validator.TryValidate(tokens.AccessToken, out _, out var error) ? null : error;

    private static IReadOnlyList<string> RolesAt(Node node, SessionTokens tokens)
    {
        Assert.True(node.Validator.TryValidate(tokens.AccessToken, out var claims, out var error), error?.ToString());
        return claims.Roles;
    }
}
