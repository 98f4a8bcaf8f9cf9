namespace Countersign.Conformance;

/// <summary>The source tree that this was built in.</summary>
internal static class Repository
{
    public static string Find()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Countersign.slnx")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("This runs outside of the source tree.");
        }

        return folder.FullName;
    }
}
