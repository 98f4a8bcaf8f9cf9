using System.Text;

namespace Countersign.Server.Tests.Hosting;

/// <summary>What the server writes is its own account's alone, wherever it lies and whatever the umask is.</summary>
public sealed class FileModeTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Theory]
    [InlineData("000", false)]
    [InlineData("022", true)]
    [InlineData("0777", false)]
    public async Task Serve_AnyUmaskAndADirectoryThatWasThere_FilesAreTheOwnersAlone(string umask, bool elsewhere)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        // Everybody may enter, as into a volume that a package or an orchestrator made.
        var data = Directory.CreateDirectory(_directory.File(elsewhere ? "volume" : "data")).FullName;
        File.SetUnixFileMode(data, (UnixFileMode)0b111_101_101);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        if (elsewhere)
        {
            environment["ConnectionStrings__Countersign"] = $"Data Source={data}/accounts.db";
            environment["Auth__MasterKey"] = Sessions.Keys.MasterKey.Create();
        }

        await using var server = await ServerProcess.StartAsync(_directory.Path, environment, umask);
        using var client = new ApiClient(server.Address);
        await client.RegisterAsync();

        var files = Directory.GetFiles(data);
        Assert.Equal(elsewhere ? 4 : 5, files.Length);
        Assert.Contains(files, static file => file.EndsWith("-wal", StringComparison.Ordinal));
        Assert.Contains(files, static file => file.EndsWith("-shm", StringComparison.Ordinal));
        Assert.Contains(files, static file => file.EndsWith(".lock", StringComparison.Ordinal));
#pragma warning disable CA1416 // Returned above on Windows.
        Assert.All(files, static file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task Serve_DatabaseOpenToOthers_WarnsWithTheCommandAndStarts()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using (var first = await ServerProcess.StartAsync(_directory.Path))
        {
            Assert.DoesNotContain("chmod", (await first.StopAsync()).Log, StringComparison.Ordinal);
        }

        var database = _directory.File("data/countersign.db");
        File.SetUnixFileMode(database, OwnerOnly | UnixFileMode.OtherRead);
        await using var second = await ServerProcess.StartAsync(_directory.Path);

        Assert.Contains($"chmod 600 '{database}'", (await second.StopAsync()).Log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Serve_KeyOpenToOthers_EndsWithTheCommand()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        await using (var first = await ServerProcess.StartAsync(_directory.Path))
        {
            await first.StopAsync();
        }

        var key = _directory.File("data/master.key");
        File.SetUnixFileMode(key, OwnerOnly | UnixFileMode.OtherRead);
        var (exitCode, _, error) = await ServerProcess.RunAsync(_directory.Path, ["serve", "--urls", "http://127.0.0.1:0"]);

        Assert.Equal(1, exitCode);
        Assert.Contains($"chmod 600 '{key}'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Delete_Account_ItsHashAndAddressAreInTheFileNoMore()
    {
        await using var server = await ServerProcess.StartAsync(_directory.Path);
        var database = _directory.File("data/countersign.db");
        using var client = new ApiClient(server.Address);
        await client.RegisterAsync();
        await client.LogInAsync();
        var hash = await Sqlite.TextAsync(database, "SELECT PasswordHash FROM AspNetUsers");
        var email = await Sqlite.TextAsync(database, "SELECT Email FROM AspNetUsers");
        Assert.True(await IsInFileAsync(database, hash));
        Assert.True(await IsInFileAsync(database, email));

        var deletion = System.Net.Http.Json.JsonContent.Create(new { current_password = ApiClient.Password });
        Assert.Equal(204, (await client.SendAsync(HttpMethod.Delete, "/users/me", deletion, client.AccessToken)).Status);

        Assert.False(await IsInFileAsync(database, hash));
        Assert.False(await IsInFileAsync(database, email));
    }

    /// <summary>Reads the file as a backup would have it: with what is committed, and with what lies in pages that are free.</summary>
    private static async Task<bool> IsInFileAsync(string database, string text)
    {
        await Sqlite.ExecuteAsync(database, "PRAGMA wal_checkpoint(TRUNCATE)");
        await using var stream = new FileStream(database, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes);
        return bytes.ToArray().AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }
}
