using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>What keys do on every store.</summary>
public abstract class KeySpecification : StoreSuite
{
    [Fact]
    public async Task Load_EmptyTable_CurrentAndNextSigningKeyAndARefreshKey()
    {
        var node = await StartNodeAsync();

        var stored = await node.Get<IKeyStore>().LoadAsync(CancellationToken.None);

        Assert.Equal(
            [(KeyUse.AccessToken, KeyState.Next), (KeyUse.AccessToken, KeyState.Current), (KeyUse.RefreshToken, KeyState.Current)],
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
        Assert.Equal(3, stored.Keys.Count);
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
        var next = (await first.Get<IKeyStore>().LoadAsync(CancellationToken.None)).Keys.Single(static key => key.State == KeyState.Next).KeyId;
        await ExecuteAsync($"UPDATE countersign_keys SET algorithm = 'ES384' WHERE kid = '{next}'");

        var second = await StartNodeAsync();

        Assert.Null(second.Get<KeyRing>().Current.Find(next));
        Assert.Equal(first.Get<KeyRing>().Current.Signing!.KeyId, second.Get<KeyRing>().Current.Signing!.KeyId);
    }

    [Fact]
    public async Task TrySave_VersionThatHasMovedOn_FalseAndNothingIsWritten()
    {
        var node = await StartNodeAsync();
        var store = node.Get<IKeyStore>();
        var stored = await store.LoadAsync(CancellationToken.None);

        Assert.False(await store.TrySaveAsync(stored.Keys, stored.Version - 1, CancellationToken.None));
        Assert.Equal(stored.Version, (await store.LoadAsync(CancellationToken.None)).Version);
    }

    /// <summary>Runs a statement on the database, beside the service.</summary>
    protected abstract Task ExecuteAsync(string sql);
}
