using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Revocation;

namespace Countersign.StoreSpecification;

/// <summary>What a refresh token proves at a login: that its holder has logged in before, and nothing else.</summary>
public abstract class EarlierLoginSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task FindEarlierLogin_GenuineToken_ItsSessionAlsoWhenItIsExpiredOrOverOrGone()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        var session = tokens.Session.Id;

        Assert.Equal(session, await FindAsync("ada", tokens.RefreshToken));
        Time.Advance(TimeSpan.FromMinutes(2));
        var next = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
        await node.Sessions.RevokeAsync(session, RevocationReason.LoggedOut);
        Assert.Equal(session, await FindAsync("ada", tokens.RefreshToken));
        Pass(TimeSpan.FromDays(7.5));
        Assert.Equal(session, await FindAsync("ada", tokens.RefreshToken));
        await ExecuteAsync("DELETE FROM countersign_sessions");
        Assert.Equal(session, await FindAsync("ada", next.RefreshToken));

        Task<Guid?> FindAsync(string? userId, string token) => node.Sessions.FindEarlierLoginAsync(userId, token, CancellationToken.None);
    }

    [Fact]
    public async Task FindEarlierLogin_AnythingElse_Nothing()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Accounts.Add("bob");
        var tokens = await node.LogInAsync("ada");
        var signature = tokens.RefreshToken.LastIndexOf('.') + 1;
        var bent = tokens.RefreshToken[..signature] + (tokens.RefreshToken[signature] == 'A' ? 'B' : 'A') + tokens.RefreshToken[(signature + 1)..];

        foreach (var (userId, token) in new[]
        {
            ("bob", tokens.RefreshToken), ("ADA", tokens.RefreshToken), ("", tokens.RefreshToken), (null, tokens.RefreshToken),
            ("ada", bent), ("ada", tokens.AccessToken), ("ada", "nonsense"), ("ada", ""), ("ada", "\ud800.\udfff.\0"), ("ada", null),
        })
        {
            Assert.Null(await node.Sessions.FindEarlierLoginAsync(userId, token, CancellationToken.None));
        }

        // A row under another salt: the signature is good, and whoever made the token did not know the row.
        await ExecuteAsync($"UPDATE countersign_sessions SET salt = {FreshBytes}");
        Assert.Null(await node.Sessions.FindEarlierLoginAsync("ada", tokens.RefreshToken, CancellationToken.None));
    }

    /// <summary>A refresh key that was revoked may be in a stranger's hands: what it has signed counts where a row bears it out, and nowhere else.</summary>
    [Fact]
    public async Task FindEarlierLogin_TokenOfARevokedKey_CountsByItsRowAlone()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        await node.Get<KeyService>().RevokeAsync(tokens.Session.State.KeyId);

        Assert.Equal(tokens.Session.Id, await node.Sessions.FindEarlierLoginAsync("ada", tokens.RefreshToken, CancellationToken.None));
        await ExecuteAsync("DELETE FROM countersign_sessions");
        Assert.Null(await node.Sessions.FindEarlierLoginAsync("ada", tokens.RefreshToken, CancellationToken.None));
    }

    [Fact]
    public async Task FindEarlierLogin_AnyAccountAndRow_ReadsOneRow()
    {
        var node = await StartNodeAsync(static services => services.Decorate<ISessionStore>(static store => new CountingStore(store)));
        var store = (CountingStore)node.Store;
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        var before = store.Uses;

        await node.Sessions.FindEarlierLoginAsync("ada", tokens.RefreshToken, CancellationToken.None);
        Assert.Equal(1, store.Uses - before);
        await node.Sessions.FindEarlierLoginAsync("bob", tokens.RefreshToken, CancellationToken.None);
        Assert.Equal(2, store.Uses - before);
        await node.Sessions.FindEarlierLoginAsync(null, tokens.RefreshToken, CancellationToken.None);
        Assert.Equal(3, store.Uses - before);
        await ExecuteAsync("DELETE FROM countersign_sessions");
        await node.Sessions.FindEarlierLoginAsync("ada", tokens.RefreshToken, CancellationToken.None);
        await node.Sessions.FindEarlierLoginAsync(null, tokens.RefreshToken, CancellationToken.None);
        Assert.Equal(5, store.Uses - before);
    }
}
