using System.Reflection;

namespace Countersign.Packages.Tests;

/// <summary>The <c>dotnet</c> and <c>git</c> commands, as a developer calls them.</summary>
internal static class Cli
{
    /// <summary>Packing, or the first build of an app, takes a minute of a core.</summary>
    private static readonly TimeSpan Limit = 4 * Patience.Limit;

    /// <summary>The configuration in which this project was built, and with it the packages.</summary>
    public static string Configuration { get; } = typeof(Cli).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static data => data.Key == "Configuration").Value!;

    /// <summary>Runs <c>dotnet</c>, and fails with what it printed if its exit code isn't 0.</summary>
    public static Task<string> RunAsync(string folder, params string[] arguments) => RunAsync(folder, new Dictionary<string, string>(), arguments);

    /// <inheritdoc cref="RunAsync(string, string[])"/>
    public static Task<string> RunAsync(string folder, IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        RunAsync(["dotnet", .. arguments], folder, environment);

    /// <summary>Runs <c>git</c> with an identity of its own, and without the machine's configuration.</summary>
    public static Task<string> GitAsync(string folder, params string[] arguments) => RunAsync(
        ["git", "-c", "user.name=Ada", "-c", "user.email=ada@example.com", "-c", "init.defaultBranch=main", .. arguments],
        folder,
        new Dictionary<string, string> { ["GIT_CONFIG_GLOBAL"] = "/dev/null" });

    private static async Task<string> RunAsync(string[] line, string folder, IReadOnlyDictionary<string, string> environment)
    {
        Dictionary<string, string> all = new(environment, StringComparer.Ordinal);
        foreach (var (name, value) in Sdk.Environment)
        {
            all[name] = value;
        }

        var command = new ProcessCommand(line) { Folder = folder, Environment = all };
        var (code, output, error) = await command.RunAsync(patience: Limit, cancellationToken: TestContext.Current.CancellationToken);
        Assert.True(code == 0, $"{string.Join(' ', line)} ended with {code}:\n{output}{error}");
        return output + error;
    }
}
