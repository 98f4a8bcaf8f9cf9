using Countersign.Server.Configuration;
using Countersign.Tokens;

namespace Countersign.Server.Tests.Commands;

public sealed class SecretsAndMigrateCommandTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task SecretsNew_Anywhere_PrintsASecretAndAMasterKeyThatTheServerTakes()
    {
        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, ["secrets", "new"]);

        Assert.Equal(0, exitCode);
        Assert.Empty(error);
        var values = output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line[0] != '#')
            .Select(line => line.Split('=', 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
        Assert.True(TokenPolicy.TryCheckSecret(values["SECRET_KEY"], out var fault), fault);
        Assert.True(MasterKeyFile.IsKey(values["Auth__MasterKey"]));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_directory.Path));

        var again = await ServerProcess.RunAsync(_directory.Path, ["secrets", "new"]);
        Assert.NotEqual(output, again.Output, StringComparer.Ordinal);
    }

    [Fact]
    public async Task SecretsNew_BrokenConfiguration_StillHelps()
    {
        var broken = new Dictionary<string, string>(StringComparer.Ordinal) { ["SECRET_KEY"] = "short" };

        Assert.Equal(0, (await ServerProcess.RunAsync(_directory.Path, ["secrets", "new"], environment: broken)).ExitCode);
        Assert.Equal(1, (await ServerProcess.RunAsync(_directory.Path, ["migrate"], environment: broken)).ExitCode);
    }

    [Fact]
    public async Task Migrate_ByTwoProcessesAtOnce_OneAppliesAndBothSucceed()
    {
        var runs = await Task.WhenAll(
            ServerProcess.RunAsync(_directory.Path, ["migrate"]),
            ServerProcess.RunAsync(_directory.Path, ["migrate"]));

        Assert.All(runs, run => Assert.True(run.ExitCode == 0, run.Error));
        Assert.Single(runs, run => run.Output.Contains("applied ", StringComparison.Ordinal));
        Assert.All(runs, run => Assert.Contains("countersign.db is up to date", run.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Migrate_DatabaseCannotBeOpened_IsOneLine()
    {
        Directory.CreateDirectory(_directory.File("data/countersign.db.lock"));

        var (exitCode, output, error) = await ServerProcess.RunAsync(_directory.Path, ["migrate"]);

        Assert.Equal(1, exitCode);
        Assert.Empty(output);
        Assert.StartsWith("countersign: ", Assert.Single(error.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
