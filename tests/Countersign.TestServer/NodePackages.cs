namespace Countersign.TestServer;

/// <summary>The npm packages of the lock file, installed once beside the built tests.</summary>
/// <remarks>A test project has them in its folder <c>node</c>, and copies that to its output.</remarks>
internal static class NodePackages
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "node");
    private static readonly Lazy<Task<string?>> Installation = new(InstallAsync);

    /// <summary>Skips the test where there is no Node.js; fails it where the packages can't be installed.</summary>
    /// <returns>The folder of the script.</returns>
    public static async Task<string> RequireAsync()
    {
        Assert.SkipUnless(Exists("node") && Exists("npm"), "Node.js and npm are not installed.");
        var failure = await Installation.Value;
        Assert.True(failure is null, failure);
        return Folder;
    }

    private static bool Exists(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<string?> InstallAsync()
    {
        var (exitCode, _, error) = await Tool.RunAsync("npm", ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline"], string.Empty, Folder);
        return exitCode == 0 ? null : $"npm ci ended with {exitCode}: {error}";
    }
}
