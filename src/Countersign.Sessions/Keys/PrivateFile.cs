using Microsoft.Win32.SafeHandles;

namespace Countersign.Sessions.Keys;

/// <summary>Files that only the account of this process may read: how they are made, and what is said of those that others can read.</summary>
/// <remarks>Modes are those of POSIX. Where there are none, on Windows and on file systems without them, the folder's rights decide.</remarks>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    /// <summary>File systems that show one mode for all files, which no <c>chmod</c> changes (the names of Linux's statfs).</summary>
    private static readonly string[] WithoutModes =
        ["vfat", "msdos", "fat", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "v9fs", "vboxsf", "drvfs", "wslfs"];

    /// <summary>Opens a file, and gives one that is made just now the mode 0600, whatever the umask, where the file system has modes.</summary>
    /// <param name="path">Its path, in a directory that is there.</param>
    /// <param name="mode"><see cref="FileMode.CreateNew"/> or <see cref="FileMode.OpenOrCreate"/>.</param>
    /// <param name="access">What the process does with it.</param>
    /// <param name="options">Further options.</param>
    /// <exception cref="IOException">Another process has it open, or with <see cref="FileMode.CreateNew"/> it is there.</exception>
    public static FileStream Open(string path, FileMode mode, FileAccess access, FileOptions options = FileOptions.None)
    {
        var isNew = mode == FileMode.CreateNew || !File.Exists(path);
        var arguments = new FileStreamOptions { Mode = mode, Access = access, Share = FileShare.None, Options = options };
        if (!OperatingSystem.IsWindows())
        {
            arguments.UnixCreateMode = OwnerOnly;
        }

        var stream = new FileStream(path, arguments);
        try
        {
            // A umask takes bits away, also the owner's. A file system without modes may refuse any change of them (EPERM on CIFS and FAT).
            if (isNew && !OperatingSystem.IsWindows() && File.GetUnixFileMode(stream.SafeFileHandle) != OwnerOnly && HasModes(path))
            {
                File.SetUnixFileMode(stream.SafeFileHandle, OwnerOnly);
            }

            return stream;
        }
        catch
        {
            stream.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty file unless it is there. SQLite takes one for a database without tables, and gives the files beside it the same mode.</summary>
    public static void MakeEmpty(string path)
    {
        if (File.Exists(path))
        {
            return;
        }

        try
        {
            Open(path, FileMode.CreateNew, FileAccess.Write).Dispose();
        }
        catch (IOException) when (File.Exists(path))
        {
            // Another process was first, in the same way.
        }
    }

    /// <summary>Says who else can read or change a file that holds a key, and what to do; null if nobody can.</summary>
    /// <param name="file">The open file, so that what is judged is what is read.</param>
    /// <param name="path">Its path.</param>
    /// <param name="takesGroup">Whether its group may read it: where an operator has named the file, who may have a group for it.</param>
    public static (string Problem, string Remedy)? FindFault(SafeFileHandle file, string path, bool takesGroup)
    {
        if (OperatingSystem.IsWindows() || !HasModes(path))
        {
            return null;
        }

        var mode = File.GetUnixFileMode(file);
        var remedy = takesGroup ? $"Run: chmod o-rwx,g-w '{path}'" : $"Run: chmod 600 '{path}'";
        return (mode & OfOthers) != 0 ? ($"leads to {path}, which every account of this machine can open", remedy)
            : (mode & OfGroup & ~(takesGroup ? UnixFileMode.GroupRead | UnixFileMode.GroupExecute : UnixFileMode.None)) != 0
                ? ($"leads to {path}, which other accounts of its group can {((mode & UnixFileMode.GroupWrite) != 0 ? "change" : "read")}", remedy)
            : null;
    }

    /// <summary>Whether accounts outside of a file's group can read or change it; false where there is no file.</summary>
    public static bool IsOpenToOthers(string path) =>
        !OperatingSystem.IsWindows() && File.Exists(path) && HasModes(path) && (File.GetUnixFileMode(path) & OfOthers) != 0;

    private static bool HasModes(string path)
    {
        try
        {
            return !WithoutModes.Contains(new DriveInfo(Path.GetFullPath(path)).DriveFormat, StringComparer.OrdinalIgnoreCase);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException)
        {
            // What is not known is held to the stricter rule.
            return true;
        }
    }
}
