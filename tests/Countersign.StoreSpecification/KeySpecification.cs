using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What keys do on every store.</summary>
public abstract class KeySpecification(ITestDatabase database) : StoreSuite(database)
{
    [Fact]
    public async Task Load_EmptyTable_CurrentAndNextKeyOfBothUses()
    {
        var node = await StartNodeAsync();

        var stored = await node.Get<IKeyStore>().LoadAsync(CancellationToken.None);

        Assert.Equal(
            [
                (KeyUse.AccessToken, KeyState.Next), (KeyUse.AccessToken, KeyState.Current),
                (KeyUse.RefreshToken, KeyState.Next), (KeyUse.RefreshToken, KeyState.Current),
            ],
            stored.Keys.Select(static key => (key.Use, key.State)).OrderBy(static key => key));
        Assert.Equal(2, node.Get<KeyRing>().Current.Verification.Count);
        Assert.All(stored.Keys, static key => Assert.Equal(key.Use == KeyUse.AccessToken, key.PublicKey is not null));
    }

    [Fact]
    public async Task Load_SecondNode_SameKeysAndTokensOfTheFirst()
    {
        var first = await StartNodeAsync();
        Accounts.Add("ada");
        var tokens = await first.LogInAsync("ada");

        var second = await StartNodeAsync();

        Assert.True(second.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.True((await second.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
        Assert.Equal(first.Get<KeyRing>().Current.Signing!.KeyId, second.Get<KeyRing>().Current.Signing!.KeyId);
    }

    [Fact]
    public async Task Load_ManyNodesAtOnceOnAnEmptyTable_OneSetOfKeys()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => Task.Run(() => StartNodeAsync())));

        Assert.Single(nodes.Select(static node => node.Get<KeyRing>().Current.Signing!.KeyId).Distinct());
        Assert.Single(nodes.Select(static node => node.Get<RefreshKeyRing>().Current.KeyId).Distinct());
        var stored = await nodes[0].Get<IKeyStore>().LoadAsync(CancellationToken.None);
        Assert.Equal(4, stored.Keys.Count);
    }

    [Fact]
    public async Task Load_AnotherMasterKey_FaultThatSaysWhatToDoAndNothingIsWritten()
    {
        var first = await StartNodeAsync();
        var before = (await first.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version;
        Master = MasterKey.Create();

        var fault = await Assert.ThrowsAsync<InvalidOperationException>(() => StartNodeAsync());

        Assert.Contains("Auth:MasterKey", fault.Message, StringComparison.Ordinal);
        Assert.Equal(before, (await first.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version);
    }

    [Fact]
    public async Task Load_MasterKeyBeingReplaced_PreviousOneStillDecrypts()
    {
        var first = await StartNodeAsync();
        var (old, fresh) = (Master, MasterKey.Create());
        Master = fresh;

        var second = await StartNodeAsync(services => services.Configure<KeyOptions>(options => options.PreviousMasterKey = old));

        Assert.Equal(first.Get<KeyRing>().Current.Signing!.KeyId, second.Get<KeyRing>().Current.Signing!.KeyId);
    }

    [Fact]
    public async Task Load_OneRowThatCanNotBeDecrypted_HidesThatKeyOnly()
    {
        var first = await StartNodeAsync();
        var next = (await first.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Keys
            .Single(static key => key is { Use: KeyUse.AccessToken, State: KeyState.Next })
            .KeyId;
        await ExecuteAsync($"UPDATE countersign_keys SET algorithm = 'ES384' WHERE kid = '{next}'");

        var second = await StartNodeAsync();

        Assert.Null(second.Get<KeyRing>().Current.Find(next));
        Assert.Equal(first.Get<KeyRing>().Current.Signing!.KeyId, second.Get<KeyRing>().Current.Signing!.KeyId);
    }

    [Fact]
    public async Task Load_CurrentKeyThatCanNotBeDecrypted_NextOneSignsAndNothingIsWritten()
    {
        var first = await StartNodeAsync();
        Accounts.Add("ada");
        var before = await first.Get<IKeyStore>().LoadAsync(CancellationToken.None);
        var (current, next) = (Row(before, KeyState.Current), Row(before, KeyState.Next));
        await ExecuteAsync($"UPDATE countersign_keys SET algorithm = 'ES384' WHERE kid = '{current.KeyId}'");

        var second = await StartNodeAsync();
        var tokens = await second.LogInAsync("ada");

        Assert.Equal(next.KeyId, second.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.True(first.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.Equal(before.Version, (await first.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Version);

        static StoredKey Row(StoredKeys stored, KeyState state) => stored.Keys.Single(key => key.Use == KeyUse.AccessToken && key.State == state);
    }

    [Fact]
    public async Task Load_RowMovedToAnotherUseOrId_IsHidden()
    {
        var first = await StartNodeAsync();
        var stored = await first.Get<IKeyStore>().LoadAsync(CancellationToken.None);
        var refresh = stored.Keys.Single(static key => key is { Use: KeyUse.RefreshToken, State: KeyState.Current });
        var next = stored.Keys.Single(static key => key is { Use: KeyUse.AccessToken, State: KeyState.Next });
        await ExecuteAsync($"UPDATE countersign_keys SET \"use\" = 1, state = 3 WHERE kid = '{refresh.KeyId}'");
        await ExecuteAsync($"UPDATE countersign_keys SET kid = 'another' WHERE kid = '{next.KeyId}'");

        var second = await StartNodeAsync();

        Assert.Null(second.Get<KeyRing>().Current.Find(refresh.KeyId));
        Assert.Null(second.Get<KeyRing>().Current.Find("another"));
        Assert.Null(second.Get<KeyRing>().Current.Find(next.KeyId));
    }

    [Fact]
    public async Task Rewrap_MasterKeyReplaced_PreviousOneIsNotNeededAndRunningNodesGoOn()
    {
        var running = await StartNodeAsync();
        Accounts.Add("ada");
        var (old, fresh) = (Master, MasterKey.Create());
        Master = fresh;
        var both = await StartNodeAsync(services => services.Configure<KeyOptions>(options => options.PreviousMasterKey = old));
        Assert.All(await both.Get<KeyService>().ListAsync(), static key => Assert.Equal(KeyEncryption.PreviousMasterKey, key.Encryption));

        Assert.Equal(4, await both.Get<KeyService>().RewrapAsync());
        Assert.Equal(0, await both.Get<KeyService>().RewrapAsync());

        Assert.All(await both.Get<KeyService>().ListAsync(), static key => Assert.Equal(KeyEncryption.MasterKey, key.Encryption));
        Assert.All(await running.Get<KeyService>().ListAsync(), static key => Assert.Equal(KeyEncryption.Unreadable, key.Encryption));
        var tokens = await running.LogInAsync("ada");
        var later = await StartNodeAsync();
        Assert.True(later.Validator.TryValidate(tokens.AccessToken, out _, out _));
        Assert.True((await later.Sessions.RefreshAsync(tokens.RefreshToken)).Succeeded);
    }

    [Fact]
    public async Task TryWrite_FailureInItsMiddle_NothingIsWritten()
    {
        var node = await StartNodeAsync();
        var store = node.Get<IKeyStore>();
        var before = await store.LoadAsync(CancellationToken.None);
        var changes = new KeyChanges();
        changes.Deleted.Add(before.Keys[0].KeyId);
        var line = new SecurityEvent(Guid.CreateVersion7(Time.GetUtcNow()), Time.GetUtcNow(), "key_rotated", null, null, null, null);
        changes.Events.Add(line);
        changes.Events.Add(line);

        await Assert.ThrowsAnyAsync<Exception>(() => store.TryWriteAsync(changes, before.Version, CancellationToken.None));

        var after = await store.LoadAsync(CancellationToken.None);
        Assert.Equal(before.Version, after.Version);
        Assert.Equal(before.Keys.Select(static key => key.KeyId), after.Keys.Select(static key => key.KeyId));
        Assert.True(await store.TryWriteAsync(new KeyChanges(), before.Version, CancellationToken.None));
    }

    [Fact]
    public async Task TryWrite_VersionThatHasMovedOn_FalseAndNothingIsWritten()
    {
        var node = await StartNodeAsync();
        var store = node.Get<IKeyStore>();
        var stored = await store.LoadAsync(CancellationToken.None);

        var changes = new KeyChanges();
        changes.Deleted.Add(stored.Keys[0].KeyId);

        Assert.False(await store.TryWriteAsync(changes, stored.Version - 1, CancellationToken.None));

        var after = await store.LoadAsync(CancellationToken.None);
        Assert.Equal((stored.Version, stored.Keys.Count), (after.Version, after.Keys.Count));
    }
}
