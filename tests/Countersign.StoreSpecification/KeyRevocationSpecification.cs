using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What becomes of a key that was taken back, and of what it signed, on every store.</summary>
public abstract class KeyRevocationSpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task Revoke_CurrentSigningKey_NextSignsAndItsTokensAreRefusedEverywhere()
    {
        var (first, second) = (await StartNodeAsync(), await StartNodeAsync());
        Accounts.Add("ada");
        var token = (await first.LogInAsync("ada")).AccessToken;
        Assert.True(second.Validator.TryValidate(token, out _, out _));
        var (current, next) = (await FindAsync(first, KeyUse.AccessToken, KeyState.Current), await FindAsync(first, KeyUse.AccessToken, KeyState.Next));

        var result = await first.Get<KeyService>().RevokeAsync(current);

        Assert.Equal((null, next, KeyUse.AccessToken), (result.Error, result.SigningKeyId, result.Use));
        Assert.False(first.Validator.TryValidate(token, out _, out var error));
        Assert.Equal(TokenError.UnknownKey, error);
        Assert.Equal(next, first.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.Equal(2, first.Get<KeyRing>().Current.Verification.Count);
        await AdvanceUntilAsync(() => !second.Validator.TryValidate(token, out _, out _));
        Assert.Equal(next, second.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "kind = 'key_revoked'"));
        Assert.Equal(1, await CountRowsAsync("countersign_security_events", "kind = 'key_rotated'"));

        Assert.Equal(KeyChangeError.KeyRevokedAlready, (await second.Get<KeyService>().RevokeAsync(current)).Error);
        Assert.Equal(KeyChangeError.KeyUnknown, (await second.Get<KeyService>().RevokeAsync("nobody's")).Error);
    }

    /// <summary>No clock is turned: the other node has polled nothing, and only the statement of the login itself tells it.</summary>
    [Fact]
    public async Task Revoke_OnAnotherNode_NothingIsSignedUnderItOnceAStatementHasSeenIt()
    {
        var (first, second) = (await StartNodeAsync(), await StartNodeAsync());
        Accounts.Add("ada");
        var (signing, refresh) = (await FindAsync(first, KeyUse.AccessToken, KeyState.Current), await FindAsync(first, KeyUse.RefreshToken, KeyState.Current));
        var before = await second.LogInAsync("ada");
        await first.Get<KeyService>().RevokeAsync(signing);
        await first.Get<KeyService>().RevokeAsync(refresh);

        var login = await second.LogInAsync("ada");
        var refreshed = (await second.Sessions.RefreshAsync(before.RefreshToken)).Pair();

        Assert.All([login, refreshed], tokens =>
        {
            Assert.True(first.Validator.TryValidate(tokens.AccessToken, out _, out _));
            Assert.NotEqual(refresh, tokens.Session.State.KeyId);
        });
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", $"key_id = '{refresh}'"));
        Assert.False(second.Validator.TryValidate(before.AccessToken, out _, out _));
    }

    [Fact]
    public async Task Revoke_NextSigningKey_AnotherIsMadeAndTheCurrentOneStays()
    {
        var node = await StartNodeAsync();
        var (current, next) = (await FindAsync(node, KeyUse.AccessToken, KeyState.Current), await FindAsync(node, KeyUse.AccessToken, KeyState.Next));

        var result = await node.Get<KeyService>().RevokeAsync(next);

        Assert.True(result is { Succeeded: true, SigningKeyId: null });
        Assert.Equal(current, node.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.Null(node.Get<KeyRing>().Current.Find(next));
        Assert.NotNull(node.Get<KeyRing>().Current.Find(await FindAsync(node, KeyUse.AccessToken, KeyState.Next)));
    }

    [Fact]
    public async Task Revoke_LastSigningKey_AnUnpublishedOneSignsAndThatIsSaid()
    {
        var first = await StartNodeAsync();
        Accounts.Add("ada");
        var (current, next) = (await FindAsync(first, KeyUse.AccessToken, KeyState.Current), await FindAsync(first, KeyUse.AccessToken, KeyState.Next));
        await ExecuteAsync($"DELETE FROM countersign_keys WHERE kid = '{next}'");

        var result = await first.Get<KeyService>().RevokeAsync(current);

        Assert.True(result is { Succeeded: true, IsYoung: true });
        Assert.Equal(Time.GetUtcNow(), result.PublishedAt);
        Assert.Equal(result.SigningKeyId, first.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.True(first.Validator.TryValidate((await first.LogInAsync("ada")).AccessToken, out _, out _));
        Assert.NotEqual(next, await FindAsync(first, KeyUse.AccessToken, KeyState.Next));
    }

    [Fact]
    public async Task Revoke_RetiredSigningKey_ItsTokensAreRefused()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var token = (await node.LogInAsync("ada")).AccessToken;
        var old = await FindAsync(node, KeyUse.AccessToken, KeyState.Current);
        await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true);
        Assert.True(node.Validator.TryValidate(token, out _, out _));

        await node.Get<KeyService>().RevokeAsync(old);

        Assert.False(node.Validator.TryValidate(token, out _, out _));
    }

    [Fact]
    public async Task Revoke_RefreshKey_NobodyIsLoggedOutAndRowsGoOverToTheCurrentOne()
    {
        var (first, second) = (await StartNodeAsync(), await StartNodeAsync());
        Accounts.Add("ada");
        Accounts.Add("bea");
        var (ada, bea) = (await first.LogInAsync("ada"), await first.LogInAsync("bea"));
        var revoked = await FindAsync(first, KeyUse.RefreshToken, KeyState.Current);
        var adaNext = (await first.Sessions.RefreshAsync(ada.RefreshToken)).Pair();

        await first.Get<KeyService>().RevokeAsync(revoked);
        Pass(TimeSpan.FromSeconds(10));

        // Two tabs, one late with the token before: both get the generation that stands, under the current key and in the same bytes on both nodes.
        var late = (await second.Sessions.RefreshAsync(ada.RefreshToken)).Pair();
        var prompt = (await first.Sessions.RefreshAsync(adaNext.RefreshToken)).Pair();
        Assert.Equal(late.RefreshToken, prompt.RefreshToken);
        Assert.NotEqual(adaNext.RefreshToken, prompt.RefreshToken);
        Assert.Equal(adaNext.RefreshGeneration, prompt.RefreshGeneration);
        Assert.Equal(await FindAsync(first, KeyUse.RefreshToken, KeyState.Current), prompt.Session.State.KeyId);

        // One who comes days later, with a token that only the revoked key has signed.
        Pass(TimeSpan.FromDays(6));
        Assert.Equal(2, (await second.Sessions.RefreshAsync(bea.RefreshToken)).Pair().RefreshGeneration);
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", $"key_id = '{revoked}'"));
        Assert.Equal(0, await CountRowsAsync("countersign_sessions", "revoked_at IS NOT NULL"));
    }

    [Fact]
    public async Task Revoke_RefreshKey_WhoHoldsItForgesNothing()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await node.LogInAsync("ada");
        var stored = (await node.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Keys
            .Single(static row => row is { Use: KeyUse.RefreshToken, State: KeyState.Current });
        using var stolen = node.Get<KeyWrapper>().TryOpen(stored)!;
        await node.Get<KeyService>().RevokeAsync(stored.KeyId);
        var forged = node.Get<RefreshTokenCodec>().Write(WithSalt(tokens.Session, new byte[Session.SaltBytes]), stolen);

        Assert.Equal(RefreshError.CheckMismatch, (await node.Sessions.RefreshAsync(forged)).Error());
        Assert.False(await node.Sessions.LogOutAsync(forged));
        Assert.Equal(RefreshError.CheckMismatch, await node.Sessions.LogOutEverywhereAsync(forged));
        Assert.True((await node.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task Revoke_RefreshKey_IsGoneWhenNoSessionIsLeftThatHadATokenOfIt()
    {
        var node = await StartNodeAsync();
        var revoked = await FindAsync(node, KeyUse.RefreshToken, KeyState.Current);
        await node.Get<KeyService>().RevokeAsync(revoked);

        Pass(TimeSpan.FromDays(91) - TimeSpan.FromTicks(1));
        await node.Get<StoredKeySource>().MaintainAsync(CancellationToken.None);
        Assert.NotNull(node.Get<RefreshKeyRing>().Verification.Current.Find(revoked));
        Assert.Null(node.Get<RefreshKeyRing>().Find(revoked));

        Pass(TimeSpan.FromTicks(1));
        await node.Get<StoredKeySource>().MaintainAsync(CancellationToken.None);
        Assert.Null(node.Get<RefreshKeyRing>().Verification.Current.Find(revoked));
        Assert.Equal(0, await CountRowsAsync("countersign_keys", $"kid = '{revoked}'"));
    }

    /// <summary>A node that can't read the keys any more signs nothing, ends sessions all the same, and writes no keys of its own over the others'.</summary>
    [Fact]
    public async Task Follow_KeysThatThisNodeCanNotRead_SignsNothingAndStillRevokes()
    {
        var left = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await left.LogInAsync("ada");
        var old = Master;
        Master = MasterKey.Create();
        var moved = await StartNodeAsync(services => services.Configure<KeyOptions>(options => options.PreviousMasterKey = old));
        await moved.Get<KeyService>().RewrapAsync();
        for (var i = 0; i < 2; i++)
        {
            await moved.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true);
        }

        var version = (await moved.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version;
        await Assert.ThrowsAsync<SessionsUnavailableException>(() => left.Sessions.RefreshAsync(tokens.RefreshToken));
        Assert.True(left.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.True(await left.Sessions.RevokeAsync(tokens.Session.Id, Countersign.Tokens.Revocation.RevocationReason.LoggedOut));
        Assert.Equal(version, (await moved.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version);
    }

    private static async Task<string> FindAsync(Node node, KeyUse use, KeyState state) =>
        (await node.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Keys.Single(row => row.Use == use && row.State == state).KeyId;

    private static Session WithSalt(Session session, byte[] salt) => new(salt, session.Stamp, session.State)
    {
        Id = session.Id,
        UserId = session.UserId,
        CreatedAt = session.CreatedAt,
        ExpiresAt = session.ExpiresAt,
        AuthenticatedAt = session.AuthenticatedAt,
        Methods = session.Methods,
    };
}
