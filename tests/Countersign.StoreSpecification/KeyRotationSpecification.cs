using System.Text;
using System.Text.Json;
using Countersign.Sessions;
using Countersign.Sessions.Issuing;
using Countersign.Sessions.Keys;
using Countersign.Sessions.Rotation;
using Countersign.Sessions.Stores;
using Countersign.Tokens;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.DependencyInjection;

namespace Countersign.StoreSpecification;

/// <summary>The life of a key on every store: next, current, retired, gone.</summary>
public abstract class KeyRotationSpecification(ITestDatabase database) : StoreSuite(database)
{
    private static readonly TimeSpan Period = TimeSpan.FromDays(90);
    private static readonly TimeSpan Lead = TimeSpan.FromHours(25);
    private static readonly TimeSpan Tick = TimeSpan.FromTicks(1);

    [Fact]
    public async Task Maintain_PeriodOver_NextSignsAnotherIsPublishedAndTheOldOneRetires()
    {
        var node = await StartNodeAsync();
        var before = await ReadAsync(node);
        Pass(Period);

        await MaintainAsync(node);

        var after = await ReadAsync(node);
        var now = Time.GetUtcNow();
        Assert.Equal(before.Version + 1, after.Version);
        foreach (var (use, retention) in new[] { (KeyUse.AccessToken, TimeSpan.FromMinutes(75)), (KeyUse.RefreshToken, TimeSpan.FromDays(91)) })
        {
            var (current, next) = (Row(before, use, KeyState.Current), Row(before, use, KeyState.Next));
            Assert.Equal((next.KeyId, now), (Row(after, use, KeyState.Current).KeyId, Row(after, use, KeyState.Current).ActivatedAt));
            Assert.Equal((current.KeyId, now + retention), (Row(after, use, KeyState.Retired).KeyId, Row(after, use, KeyState.Retired).RetiresAt));
            Assert.Equal(now, Row(after, use, KeyState.Next).CreatedAt);
        }

        Assert.Equal(2, await CountRowsAsync("countersign_security_events", "kind = 'key_rotated'"));
        AssertPublished(node, after);
    }

    [Fact]
    public async Task Maintain_BeforeTheTime_NothingIsWritten()
    {
        var node = await StartNodeAsync();
        var before = await ReadAsync(node);
        Pass(Period - Tick);

        await MaintainAsync(node);

        Assert.Equal(before.Version, (await ReadAsync(node)).Version);
    }

    [Fact]
    public async Task Maintain_EightNodesRace_OneWins()
    {
        var nodes = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => StartNodeAsync()));
        var before = await ReadAsync(nodes[0]);
        Pass(Period);

        await Task.WhenAll(nodes.Select(static node => Task.Run(() => MaintainAsync(node))));

        var after = await ReadAsync(nodes[0]);
        Assert.Equal((before.Version + 1, 6), (after.Version, after.Keys.Count));
        Assert.Equal(2, await CountRowsAsync("countersign_security_events", "kind = 'key_rotated'"));
        Assert.All(nodes, node => Assert.Equal(Row(before, KeyUse.AccessToken, KeyState.Next).KeyId, node.Get<KeyRing>().Current.Signing!.KeyId));
    }

    [Fact]
    public async Task Maintain_KeyMaintenanceService_DoesItByItself()
    {
        var node = await StartNodeAsync();
        var next = Row(await ReadAsync(node), KeyUse.AccessToken, KeyState.Next).KeyId;
        Pass(Period);

        await AdvanceUntilAsync(() => node.Get<KeyRing>().Current.Signing!.KeyId == next);
    }

    [Fact]
    public async Task Maintain_NextTooYoung_WaitsForItsLead()
    {
        var node = await StartNodeAsync();
        Pass(Period - TimeSpan.FromHours(1));
        var revoked = Row(await ReadAsync(node), KeyUse.AccessToken, KeyState.Next).KeyId;
        Assert.Null((await node.Get<KeyService>().RevokeAsync(revoked)).SigningKeyId);
        var (current, next) = await FindSignersAsync(node);

        Pass(Lead - Tick);
        await MaintainAsync(node);
        Assert.Equal(current, node.Get<KeyRing>().Current.Signing!.KeyId);

        Pass(Tick);
        await MaintainAsync(node);
        Assert.Equal(next, node.Get<KeyRing>().Current.Signing!.KeyId);
    }

    /// <summary>The period is over by either clock, and the next key was made just now: nothing but its lead keeps it back.</summary>
    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task Maintain_NodeWithAnotherClock_PromotesNoKeyBeforeItsLead(int days)
    {
        var node = await StartNodeAsync();
        Pass(Period + TimeSpan.FromDays(2));
        await node.Get<KeyService>().RevokeAsync((await FindSignersAsync(node)).Next);
        var before = await FindSignersAsync(node);
        var wrong = new Microsoft.Extensions.Time.Testing.FakeTimeProvider(Time.GetUtcNow() + TimeSpan.FromDays(days));
        var other = await StartNodeAsync(wrong);

        await MaintainAsync(other);

        Assert.Equal(before, await FindSignersAsync(node));
    }

    [Fact]
    public async Task Maintain_RetiredKey_VerifiesUntilItsEndAndIsThenGone()
    {
        var node = await StartNodeAsync();
        Accounts.Add("ada");
        Pass(Period);
        var token = (await node.LogInAsync("ada")).AccessToken;
        await MaintainAsync(node);
        var old = Row(await ReadAsync(node), KeyUse.AccessToken, KeyState.Retired).KeyId;

        Assert.NotEqual(old, node.Get<KeyRing>().Current.Signing!.KeyId);
        Assert.True(node.Validator.TryValidate(token, out _, out _));
        Pass(TimeSpan.FromMinutes(75) - Tick);
        await MaintainAsync(node);
        Assert.NotNull(node.Get<KeyRing>().Current.Find(old));

        Pass(Tick);
        await MaintainAsync(node);
        Assert.Null(node.Get<KeyRing>().Current.Find(old));
        Assert.DoesNotContain((await ReadAsync(node)).Keys, row => row.KeyId == old);
        Assert.Equal(0, await CountRowsAsync("countersign_keys", $"kid = '{old}'"));
    }

    [Fact]
    public async Task Refresh_RowUnderARetiredKey_SameBytesOnEveryNode()
    {
        var (first, second) = (await StartNodeAsync(), await StartNodeAsync());
        Accounts.Add("ada");
        var tokens = await first.LogInAsync("ada");
        var standing = (await first.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
        Assert.True((await first.Get<KeyService>().RotateAsync(KeyUse.RefreshToken, force: true)).Succeeded);

        var answers = new[]
        {
            (await first.Sessions.RefreshAsync(standing.RefreshToken)).Pair(),
            (await second.Sessions.RefreshAsync(standing.RefreshToken)).Pair(),
            (await second.Sessions.RefreshAsync(tokens.RefreshToken)).Pair(),
        };

        Assert.All(answers, answer => Assert.Equal(standing.RefreshToken, answer.RefreshToken));
        Pass(TimeSpan.FromMinutes(2));
        var next = (await second.Sessions.RefreshAsync(standing.RefreshToken)).Pair();
        Assert.Equal(first.Get<RefreshKeyRing>().Current.KeyId, next.Session.State.KeyId);
    }

    [Fact]
    public async Task Rotate_NextTooYoung_RefusedUnlessForced()
    {
        var node = await StartNodeAsync();
        var before = await ReadAsync(node);
        var next = Row(before, KeyUse.AccessToken, KeyState.Next);

        var refused = await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken);
        Assert.Equal((KeyChangeError.NextTooYoung, next.CreatedAt + Lead), (refused.Error, refused.ReadyAt));
        Assert.Equal(before.Version, (await ReadAsync(node)).Version);

        var forced = await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken, force: true);
        Assert.Equal((null, next.KeyId, true), (forced.Error, forced.SigningKeyId, forced.IsYoung));
        Assert.Equal(next.KeyId, node.Get<KeyRing>().Current.Signing!.KeyId);

        Pass(Lead);
        var later = await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken);
        Assert.True(later is { Succeeded: true, IsYoung: false });
        AssertPublished(node, await ReadAsync(node));
    }

    [Fact]
    public async Task Rotate_AlgorithmChanged_KeysMadeFromThenOnHaveIt()
    {
        await StartNodeAsync();
        var node = await StartNodeAsync(services => services.Configure<CountersignTokenOptions>(static options => options.Algorithm = "ES384"));

        Pass(Lead);
        await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken);

        Assert.Equal("ES256", node.Get<KeyRing>().Current.Signing!.Algorithm.Name);
        Assert.Equal("ES384", Row(await ReadAsync(node), KeyUse.AccessToken, KeyState.Next).Algorithm);
        Pass(Lead);
        await node.Get<KeyService>().RotateAsync(KeyUse.AccessToken);
        Assert.Equal("ES384", node.Get<KeyRing>().Current.Signing!.Algorithm.Name);
    }

    /// <summary>
    /// Rule J-51: a verifier that keeps its copy of the keys for as long as a stock one does, and as long as an intermediary may keep it on top, meets no token
    /// that it can't verify. One that reads more seldom than the lead allows does: the check can fail.
    /// </summary>
    [Theory]
    [InlineData(25, 0)]
    [InlineData(2, 1)]
    public async Task Maintain_VerifierThatCachesForAsLongAsItMay_NeverMeetsANewKey(int leadHours, int leastRefused)
    {
        var node = await StartNodeAsync(services => services.Configure<CountersignKeyRotationOptions>(options =>
        {
            options.RotationPeriod = TimeSpan.FromHours(44);
            options.PublicationLead = TimeSpan.FromHours(leadHours);
        }));
        Accounts.Add("ada");
        var cached = new KeyRing(Publish(node));
        var verifier = new TokenValidator(TokenPolicy.Strict(cached, "https://auth.example.com", "https://auth.example.com"), Time);
        var (signers, refused) = (new HashSet<string>(StringComparer.Ordinal), 0);
        var intermediary = Publish(node);

        for (var hour = 0; hour < 200; hour++)
        {
            // The revocation of a next key at a bad moment makes the youngest next that can be promoted in time.
            if (hour % 44 == 38)
            {
                await node.Get<KeyService>().RevokeAsync((await FindSignersAsync(node)).Next);
            }

            var token = (await node.LogInAsync("ada")).AccessToken;
            signers.Add(node.Get<KeyRing>().Current.Signing!.KeyId!);
            refused += verifier.TryValidate(token, out _, out _) ? 0 : 1;
            if (hour % 12 == 0)
            {
                cached.Replace(intermediary);
            }

            intermediary = Publish(node);
            Pass(TimeSpan.FromHours(1));
            await MaintainAsync(node);
        }

        Assert.True(signers.Count > 3);
        Assert.True(leastRefused == 0 ? refused == 0 : refused >= leastRefused, $"{refused} tokens were refused.");
    }

    /// <summary>The rotation of both keys, over and over, while clients of two nodes log in, refresh and are let in.</summary>
    [Fact]
    public async Task Rotate_UnderRequests_NoneFails()
    {
        static void Configure(IServiceCollection services) => services.Configure<CountersignRefreshOptions>(static options => options.Grace = TimeSpan.Zero);
        Node[] nodes = [await StartNodeAsync(Configure), await StartNodeAsync(Configure)];
        using var done = new CancellationTokenSource();
        var clients = Enumerable.Range(0, 6).Select(client => Task.Run(() => WorkAsync($"user-{client}"))).ToList();

        for (var round = 0; round < 20; round++)
        {
            var use = round % 2 == 0 ? KeyUse.AccessToken : KeyUse.RefreshToken;
            Assert.True((await nodes[round % 2].Get<KeyService>().RotateAsync(use, force: true)).Succeeded);
            while (nodes[0].Get<StoredKeySource>().LoadedVersion != nodes[1].Get<StoredKeySource>().LoadedVersion
                && !clients.Exists(static client => client.IsCompleted))
            {
                await Task.Delay(5);
            }
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(clients), static refreshes => Assert.True(refreshes > 5));
        Assert.Equal(6, await CountRowsAsync("countersign_sessions", "revoked_at IS NULL"));
        Assert.Equal(2, (await ReadAsync(nodes[0])).Keys.Count(static row => row.State == KeyState.Current));

        async Task<int> WorkAsync(string user)
        {
            Accounts.Add(user);
            var tokens = await nodes[0].LogInAsync(user);
            var refreshes = 0;
            for (; !done.IsCancellationRequested; refreshes++)
            {
                var node = nodes[refreshes % 2];
                tokens = (await node.Sessions.RefreshAsync(tokens.RefreshToken)).Pair();
                Assert.True(node.Validator.TryValidate(tokens.AccessToken, out _, out var error), $"{error}");
            }

            return refreshes;
        }
    }

    private static Task<StoredKeys> ReadAsync(Node node) => node.Get<IKeyStore>().LoadAsync(CancellationToken.None);

    private static Task MaintainAsync(Node node) => node.Get<StoredKeySource>().MaintainAsync(CancellationToken.None);

    private static StoredKey Row(StoredKeys stored, KeyUse use, KeyState state) => stored.Keys.Single(row => row.Use == use && row.State == state);

    private static async Task<(string Current, string Next)> FindSignersAsync(Node node)
    {
        var stored = await ReadAsync(node);
        return (Row(stored, KeyUse.AccessToken, KeyState.Current).KeyId, Row(stored, KeyUse.AccessToken, KeyState.Next).KeyId);
    }

    private static KeySet Publish(Node node)
    {
        Assert.True(JsonWebKeySet.TryRead(JsonWebKeySet.Write(node.Get<KeyRing>().Current.Verification), out var keys, out _));
        return keys;
    }

    /// <summary>Rule J-50: next, current and retired, and of each of them its public members alone.</summary>
    private void AssertPublished(Node node, StoredKeys stored)
    {
        var json = JsonWebKeySet.Write(node.Get<KeyRing>().Current.Verification);
        var keys = JsonElement.Parse(Encoding.UTF8.GetString(json)).GetProperty("keys").EnumerateArray().ToList();

        var expected = stored.Keys
            .Where(row => row.Use == KeyUse.AccessToken && row.State != KeyState.Revoked && (row.RetiresAt is not { } end || Time.GetUtcNow() < end))
            .Select(static row => row.KeyId);
        Assert.Equal(expected.Order(StringComparer.Ordinal), keys.Select(static key => key.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal));
        Assert.All(keys, static key => Assert.Equal(
            ["alg", "crv", "kid", "kty", "use", "x", "y"],
            key.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal)));
    }
}
