namespace Countersign.Server.Configuration;

/// <summary>Finds out whether files can be made in a directory. It leaves no files behind.</summary>
internal static class DirectoryProbe
{
    /// <summary>Returns why files can't be made; null if they can.</summary>
    /// <param name="directory">An absolute path.</param>
    /// <param name="mayBeMade">Whether a missing directory will be made. Then the nearest existing directory above it is checked.</param>
    public static string? Check(string directory, bool mayBeMade)
    {
        if (File.Exists(directory))
        {
            return $"leads to {directory}, which is a file and not a directory";
        }

        var existing = directory;
        while (!Directory.Exists(existing))
        {
            if (!mayBeMade)
            {
                return $"leads to {directory}, which does not exist";
            }

            if (File.Exists(existing) || Path.GetDirectoryName(existing) is not { } parent)
            {
                return $"leads to {directory}, which can't be made because {existing} is not a directory";
            }

            existing = parent;
        }

        return IsWritable(existing) ? null : $"leads to {directory}, and this account can't write to {existing}";
    }

    private static bool IsWritable(string directory)
    {
        // Permission bits are not enough: a file system may be read-only, and root ignores the bits. So try to write.
        var probe = Path.Combine(directory, ".countersign-" + Path.GetRandomFileName());
        try
        {
            using var stream = new FileStream(probe, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
