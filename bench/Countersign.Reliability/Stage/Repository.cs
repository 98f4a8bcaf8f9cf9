namespace Countersign.Reliability.Stage;

/// <summary>The source tree that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "Countersign.slnx")))
        {
            directory = directory.Parent ?? throw new InvalidOperationException("The program runs outside of the source tree.");
        }

        return directory.FullName;
    }
}
