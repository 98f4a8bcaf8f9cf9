using System.Text;

namespace Countersign.Server.Tests.Matrix;

/// <summary>
/// Every server that tests share looks for the secrets of the whole run when it ends. What that is worth: it finds a secret wherever one is planted, and its
/// finding fails the class.
/// </summary>
public sealed class CanaryTests
{
    private static readonly string Secret = $"pale anchor {Guid.CreateVersion7():N}";

    public static TheoryData<string, Func<string, string>> Forms => new()
    {
        { "as it is", static secret => secret },
        { "base64", static secret => Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) },
        { "base64url", static secret => Forge.Encode(Encoding.UTF8.GetBytes(secret)) },
        { "URL-encoded", Uri.EscapeDataString },
        { "in a form", static secret => secret.Replace(' ', '+') },
    };

    [Theory]
    [MemberData(nameof(Forms), DisableDiscoveryEnumeration = true)]
    public void Find_PlantedSecret_IsFound(string form, Func<string, string> write)
    {
        Canaries.Add(Secret);

        var found = Canaries.Find("a log", Encoding.UTF8.GetBytes($"some words before {write(Secret)} and some behind"));

        Assert.True(found.Count > 0, form);
        Assert.All(found, static line => Assert.DoesNotContain(Secret, line, StringComparison.Ordinal));
        Assert.Empty(Canaries.Find("a log", Encoding.UTF8.GetBytes($"some words before {write(Secret[..^1])} and some behind")));
    }

    [Fact]
    public void Find_SixteenCharactersOfASignature_AreFound()
    {
        var signature = Forge.Encode(System.Security.Cryptography.RandomNumberGenerator.GetBytes(64));
        Canaries.Add($"eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0.{signature}");

        Assert.Single(Canaries.Find("a log", Encoding.ASCII.GetBytes($"token=...{signature[30..46]}...")));
        Assert.Empty(Canaries.Find("a log", Encoding.ASCII.GetBytes($"token=...{signature[30..45]}...")));
        Assert.Empty(Canaries.Find("a log", "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJhIn0"u8));
    }

    [Fact]
    public void AddFrom_Bodies_KeepsWhatTheirMembersHold()
    {
        var (json, form) = ($"json {Guid.CreateVersion7():N}", $"form {Guid.CreateVersion7():N}");

        Canaries.AddFrom($"{{\"password\":\"{json}\",\"username\":\"somebody@example.com\"}}");
        Canaries.AddFrom($"grant_type=refresh_token&refresh_token={Uri.EscapeDataString(form)}&username=somebody%40example.com");

        Assert.Single(Canaries.Find("a log", Encoding.UTF8.GetBytes(json)));
        Assert.Single(Canaries.Find("a log", Encoding.UTF8.GetBytes(form)));
        Assert.Empty(Canaries.Find("a log", "somebody@example.com"u8));
    }

    [Fact]
    public async Task Dispose_SecretInAFileOfTheServer_Fails()
    {
        var server = new RunningServer();
        await server.InitializeAsync();
        using var client = await server.LoggedInAsync();
        await File.WriteAllTextAsync(Path.Combine(server.DataDirectory, "notes.txt"), $"remember {client.RefreshToken}");

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await server.DisposeAsync());

        Assert.Contains("notes.txt: a secret", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(client.RefreshToken, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_SecretInTheDatabase_Fails()
    {
        var server = new RunningServer();
        await server.InitializeAsync();
        using var client = await server.LoggedInAsync();
        await Sqlite.ExecuteAsync(server.Database, $"UPDATE countersign_sessions SET label = '{client.OwnPassword}'");

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await server.DisposeAsync());

        Assert.Contains("countersign.db", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Dispose_FailureInTheLog_Fails()
    {
        var server = new RunningServer();
        await server.InitializeAsync();
        using var client = await server.LoggedInAsync();
        await Sqlite.ExecuteAsync(server.Database, "ALTER TABLE AspNetUsers RENAME TO Gone");
        Assert.Equal(503, (await client.GetAsync("/health/ready")).Status);

        var failure = await Assert.ThrowsAnyAsync<Exception>(async () => await server.DisposeAsync());

        Assert.Contains("fail: ", failure.Message, StringComparison.Ordinal);
    }
}
