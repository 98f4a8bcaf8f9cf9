using System.Text.Json;

namespace Countersign.Server.Tests.Commands;

/// <summary>The commands on keys, alone and beside a server that runs on the same database.</summary>
public sealed class KeysCommandTests : IDisposable
{
    private static readonly string[] PublicMembers = ["alg", "crv", "kid", "kty", "use", "x", "y"];

    private readonly TemporaryDirectory _directory = new();
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["Auth__Passwords__Cost"] = "10" };

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task RotateAndRevoke_WhileTheServerRuns_TakeEffectThereAndLogNobodyOut()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path, _environment);
        using var client = new ApiClient(server.Address);
        await client.RegisterAsync();
        await client.LogInAsync();
        var before = await PublishedAsync(client);
        Assert.Equal("public, max-age=300", (await client.GetAsync("/.well-known/jwks.json")).CacheControl);
        var keys = await ListAsync();
        var (current, next, refresh) = (keys["signing current"], keys["signing next"], keys["refresh current"]);
        Assert.Equal(new[] { current, next }.Order(StringComparer.Ordinal), before);

        // Too young, and then by force: three keys are published, the old token stays good, and a new one is under the next key.
        var (refused, _, why) = await RunAsync("keys", "rotate");
        Assert.Equal(1, refused);
        Assert.Contains("too young", why, StringComparison.Ordinal);
        Assert.Contains("refuse new tokens", await SucceedAsync("keys", "rotate", "--force"), StringComparison.Ordinal);
        await Patience.UntilAsync(async () => (await PublishedAsync(client)).Count == 3);
        Assert.Equal(200, (await client.MeAsync()).Status);
        var old = client.AccessToken;
        client.Keep(await client.RefreshAsync());
        Assert.Equal(next, KeyIdOf(client.AccessToken));

        // The key of the old token is taken back: that token is refused, and the session goes on.
        Assert.StartsWith($"signing key {current} is revoked", await SucceedAsync("keys", "revoke", current), StringComparison.Ordinal);
        await Patience.UntilAsync(async () => (await client.MeAsync(old)).Status == 401);
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.DoesNotContain(current, await PublishedAsync(client), StringComparer.Ordinal);

        // And the refresh key: its tokens are exchanged for such of the next one.
        Assert.StartsWith($"refresh key {refresh} is revoked", await SucceedAsync("keys", "revoke", refresh), StringComparison.Ordinal);
        client.Keep(await client.RefreshAsync());
        Assert.Equal(keys["refresh next"], KeyIdOf(client.RefreshToken));
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal(
            2, await Sqlite.CountAsync(_directory.File("data/countersign.db"), "SELECT count(*) FROM countersign_security_events WHERE kind = 'key_revoked'"));
        Assert.DoesNotContain(refresh, await PublishedAsync(client), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Rewrap_NewMasterKey_OldOneIsNotNeededAnyMore()
    {
        var (old, fresh) = (Convert.ToBase64String(Bytes(1)), Convert.ToBase64String(Bytes(101)));
        _environment["Auth__MasterKey"] = old;
        Assert.Contains("signs from now on", await SucceedAsync("keys", "rotate", "--force", "--refresh"), StringComparison.Ordinal);

        _environment["Auth__MasterKey"] = fresh;
        Assert.Contains("\tunreadable\n", await SucceedAsync("keys", "list"), StringComparison.Ordinal);
        var (locked, _, why) = await RunAsync("keys", "rotate", "--force");
        Assert.Equal(1, locked);
        Assert.Contains("Auth:PreviousMasterKey", why, StringComparison.Ordinal);

        _environment["Auth__PreviousMasterKey"] = old;
        Assert.Contains("\tprevious master key\n", await SucceedAsync("keys", "list"), StringComparison.Ordinal);
        Assert.Equal("5 keys are under Auth:MasterKey now; Auth:PreviousMasterKey can be removed\n", await SucceedAsync("keys", "rewrap"));
        Assert.Equal("no key is under Auth:PreviousMasterKey\n", await SucceedAsync("keys", "rewrap"));

        _environment.Remove("Auth__PreviousMasterKey");
        Assert.DoesNotContain("unreadable", await SucceedAsync("keys", "list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RevokeUnreadable_MasterKeyLost_ServerStartsAgainWithNewKeys()
    {
        _environment["Auth__MasterKey"] = Convert.ToBase64String(Bytes(1));
        await SucceedAsync("users", "list");
        _environment["Auth__MasterKey"] = Convert.ToBase64String(Bytes(101));
        Assert.Equal(1, (await RunAsync("users", "list")).ExitCode);

        Assert.StartsWith("4 keys are revoked", await SucceedAsync("keys", "revoke", "--unreadable"), StringComparison.Ordinal);

        await using var server = await ServerProcess.StartAsync(_directory.Path, _environment);
        using var client = new ApiClient(server.Address);
        await client.RegisterAsync();
        await client.LogInAsync();
        Assert.Equal(200, (await client.MeAsync()).Status);
        Assert.Equal("every key can be decrypted\n", await SucceedAsync("keys", "revoke", "--unreadable"));
    }

    [Fact]
    public async Task Start_SettingsThatAnOperatorShouldHearOf_AreSaidInTheLog()
    {
        await SucceedAsync("users", "list");
        _environment["Auth__Keys__PublicationLead"] = "02:00:00";
        _environment["Auth__Algorithm"] = "ES384";
        await using var server = await ServerProcess.StartAsync(_directory.Path, _environment);
        using var client = new ApiClient(server.Address);

        var (exitCode, log) = await server.StopAsync();

        Assert.Equal(0, exitCode);
        var said = log + string.Join('\n', server.Lines);
        Assert.Contains("Auth:Keys:PublicationLead is 02:00:00", said, StringComparison.Ordinal);
        Assert.Contains("Auth:Algorithm is ES384", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no key has the id", "keys", "revoke", "nobody")]
    [InlineData("Name one key", "keys", "revoke")]
    [InlineData("Name one key", "keys", "revoke", "some", "--unreadable")]
    public async Task Keys_WhatCannotBeDone_IsAFailureThatSaysWhy(string reason, params string[] arguments)
    {
        var (exitCode, _, error) = await RunAsync(arguments);

        Assert.Equal(1, exitCode);
        Assert.Contains(reason, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_UnderASharedSecret_AreNoneOfTheDatabase()
    {
        _environment["SECRET_KEY"] = "pNhNqxKwzY5yKq1dYx2FhR8wVb3sTgLm";

        var (exitCode, _, error) = await RunAsync("keys", "rotate");

        Assert.Equal(1, exitCode);
        Assert.Contains("shared secret", error, StringComparison.Ordinal);
    }

    private static byte[] Bytes(byte first) => [.. Enumerable.Range(first, 32).Select(static value => (byte)value)];

    private static string KeyIdOf(string token) =>
        JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromUtf8(System.Text.Encoding.ASCII.GetBytes(token.Split('.')[0]))).GetProperty("kid")
            .GetString()!;

    /// <summary>The ids that are published: nothing but public members.</summary>
    private static async Task<IReadOnlyList<string>> PublishedAsync(ApiClient client)
    {
        var keys = (await client.GetAsync("/.well-known/jwks.json")).Body.GetProperty("keys").EnumerateArray().ToList();
        Assert.All(keys, static key => Assert.Equal(PublicMembers, key.EnumerateObject().Select(static member => member.Name).Order(StringComparer.Ordinal)));
        return [.. keys.Select(static key => key.GetProperty("kid").GetString()!).Order(StringComparer.Ordinal)];
    }

    /// <summary>The ids by use and state.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ListAsync()
    {
        var lines = (await SucceedAsync("keys", "list")).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(static line => line.Split('\t')).ToList();
        Assert.All(lines, static columns => Assert.Equal(8, columns.Length));
        return lines.ToDictionary(static columns => $"{columns[0]} {columns[1]}", static columns => columns[2], StringComparer.Ordinal);
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var (exitCode, output, error) = await RunAsync(arguments);
        Assert.True(exitCode == 0, error);
        return output;
    }

    private Task<(int ExitCode, string Output, string Error)> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync(_directory.Path, arguments, environment: _environment);
}
