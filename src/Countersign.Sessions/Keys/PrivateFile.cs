using Microsoft.Win32.SafeHandles;

namespace Countersign.Sessions.Keys;

/// <summary>Files that only the account of this process may read: makes them, and finds files that others can read.</summary>
/// <remarks>Modes are POSIX modes. On Windows and on file systems without modes, the rights of the folder decide.</remarks>
internal static class PrivateFile
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OfOthers = UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;
    private const UnixFileMode OfGroup = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute;

    /// <summary>File systems that show the same mode for all files, which <c>chmod</c> does not change (names from Linux's statfs).</summary>
    private static readonly string[] WithoutModes =
        ["vfat", "msdos", "fat", "exfat", "ntfs", "ntfs3", "fuseblk", "cifs", "smb", "smb2", "smb3", "smbfs", "9p", "v9fs", "vboxsf", "drvfs", "wslfs"];

    /// <summary>Opens a file. A new file gets the mode 0600 for any umask, if the file system has modes.</summary>
    /// <param name="path">The path, in an existing directory.</param>
    /// <param name="mode"><see cref="FileMode.CreateNew"/> or <see cref="FileMode.OpenOrCreate"/>.</param>
    /// <param name="access">Read or write access.</param>
    /// <param name="options">Further options.</param>
    /// <exception cref="IOException">Another process has the file open, or it exists and the mode is <see cref="FileMode.CreateNew"/>.</exception>
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
            // A umask can remove the owner's bits too. A file system without modes may refuse any change of the mode (EPERM on CIFS and FAT).
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

    /// <summary>Makes an empty file unless it exists. SQLite uses it as a database without tables, and gives its other files the same mode.</summary>
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
            // Another process has just made the same file.
        }
    }

    /// <summary>Returns who else can read or change a file with a key, and what to do; null if nobody can.</summary>
    /// <param name="file">The open file, so that the checked file is the one that is read.</param>
    /// <param name="path">Its path.</param>
    /// <param name="takesGroup">Whether the file's group may read it. If an operator has named the file, the operator may have a group for it.</param>
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

    /// <summary>Whether accounts outside of a file's group can read or change it; false if the file does not exist.</summary>
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
            // If the mode is unknown, the stricter rule applies.
            return true;
        }
    }
}
