using System.Diagnostics;
using Countersign.Harness;
using Countersign.TestServer;
using Microsoft.Data.Sqlite;

namespace Countersign.App.Tests.Upgrade;

/// <summary>The folder of a developer who follows the guide, with a feed that has Countersign's packages.</summary>
internal sealed class Workspace : IDisposable
{
    private readonly TemporaryDirectory _root = new();
    private readonly Dictionary<string, string> _environment = new(Sdk.Environment, StringComparer.Ordinal);
    private string _folder;
    private string _lastOutput = string.Empty;

    private Workspace() => _folder = _root.Path;

    /// <summary>The folder in which the guide's scripts are now.</summary>
    public string Folder => _folder;

    public static async Task<Workspace> CreateAsync()
    {
        var workspace = new Workspace();
        var feed = workspace._root.File("feed");
        await PackedFeed.PackAsync(feed);
        await File.WriteAllTextAsync(workspace._root.File("nuget.config"), $"""
            <configuration>
              <packageSources>
                <add key="packed" value="{feed}" />
              </packageSources>
            </configuration>
            """);

        workspace.UseOwnFolders();
        return workspace;
    }

    /// <summary>Does what the blocks say, one after the other.</summary>
    public async Task FollowAsync(IEnumerable<GuideBlock> blocks)
    {
        foreach (var block in blocks)
        {
            var target = Path.Combine(_folder, block.Target);
            await (block.Verb switch
            {
                "run" => RunAsync(block.Text),
                "see" => SeeAsync(block),
                "file" => File.WriteAllTextAsync(target, block.Text),
                "change" => File.WriteAllTextAsync(target, block.Apply(await File.ReadAllTextAsync(target))),
                "sql" => AskAsync(block.Text),
                _ => Task.CompletedTask,
            });
        }
    }

    /// <summary>The app as it is deployed: what was built last, in a separate folder.</summary>
    public async Task<string> PublishAsync(string name)
    {
        var folder = _root.File(name);
        await RunAsync($"dotnet publish --configuration Debug --output '{folder}'");
        return folder;
    }

    /// <summary>A second folder of the developer, with everything that the first one has.</summary>
    public async Task<Workspace.Branch> BranchAsync(string name)
    {
        var branch = _root.File(name);
        await RunAsync($"cp -r . '{branch}'");
        return new Branch(this, branch);
    }

    /// <summary>What the developer has typed: all C# of the app but its migrations, which a tool writes, by file.</summary>
    public IReadOnlyDictionary<string, string> ReadSources() => Directory.EnumerateFiles(_folder, "*.cs")
        .ToDictionary(static file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);

    /// <summary>How many lines were added, without empty ones and usings. No line may have been removed or moved.</summary>
    public static int CountTypedLines(IReadOnlyDictionary<string, string> before, IReadOnlyDictionary<string, string> after)
    {
        Assert.Equal(before.Keys.Order(StringComparer.Ordinal), after.Keys.Order(StringComparer.Ordinal));
        List<string> added = [];
        foreach (var (file, text) in after)
        {
            Queue<string> kept = new(before[file].Split('\n'));
            added.AddRange(text.Split('\n').Where(line => !(kept.TryPeek(out var next) && next == line && kept.TryDequeue(out _))));
            Assert.Empty(kept);
        }

        return added.Count(GuideBlock.IsTyped);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        _root.Dispose();
    }

    /// <summary>The machine's packages and sources are read, and nothing is written outside of this folder.</summary>
    private void UseOwnFolders()
    {
        var user = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        _environment["NUGET_PACKAGES"] = _root.File("packages");
        _environment["NUGET_FALLBACK_PACKAGES"] = Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(user, ".nuget", "packages");

        // The SDK remembers in the user's folder where a tool is installed, and here that is a folder that will be gone.
        _environment["DOTNET_CLI_HOME"] = _root.File("home");
        var sources = Path.Combine(".nuget", "NuGet", "NuGet.Config");
        if (File.Exists(Path.Combine(user, sources)))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_root.File(Path.Combine("home", sources)))!);
            File.Copy(Path.Combine(user, sources), _root.File(Path.Combine("home", sources)));
        }
    }

    private async Task RunAsync(string script)
    {
        var began = Stopwatch.GetTimestamp();
        var where = _root.File("where");
        var command = new ProcessCommand(["bash", "-euo", "pipefail", "-c", $"{script}\npwd >'{where}'"]) { Folder = _folder, Environment = _environment };
        var (exitCode, output, error) = await command.RunAsync(patience: Patience.Limit);
        Assert.True(exitCode == 0, $"{script}\n{output}\n{error}");
        TestContext.Current.TestOutputHelper?.WriteLine($"{Stopwatch.GetElapsedTime(began).TotalSeconds:F0} s: {script.Trim()}");
        _folder = (await File.ReadAllTextAsync(where)).Trim();
        _lastOutput = output + error;
    }

    private async Task AskAsync(string statement)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, "notes.db")};Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = statement;
        _lastOutput = $"{await command.ExecuteScalarAsync()}\n";
    }

    private Task SeeAsync(GuideBlock block)
    {
        foreach (var line in block.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(
                _lastOutput.Split('\n').Any(written => written.Trim() == line.Trim()), $"Line {block.Line} of the guide: '{line}' is not in:\n{_lastOutput}");
        }

        return Task.CompletedTask;
    }

    /// <summary>Moves the developer into another folder, and back at the end.</summary>
    internal sealed class Branch : IDisposable
    {
        private readonly Workspace _workspace;
        private readonly string _former;

        public Branch(Workspace workspace, string folder) => (_workspace, _former, workspace._folder) = (workspace, workspace._folder, folder);

        public void Dispose() => _workspace._folder = _former;
    }
}
