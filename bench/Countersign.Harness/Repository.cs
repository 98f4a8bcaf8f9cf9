namespace Countersign.Harness;

/// <summary>The source tree of this build.</summary>
public static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The product's C# files.</summary>
    public static IEnumerable<string> SourceFiles => Directory
        .EnumerateFiles(Path.Combine(Root, "src"), "*.cs", SearchOption.AllDirectories)
        .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal)
            && !file.Contains($"{Path.DirectorySeparatorChar}bin{Path.DirectorySeparatorChar}", StringComparison.Ordinal));

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Countersign.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("This runs outside of the source tree.");
        }

        return directory.FullName;
    }
}
