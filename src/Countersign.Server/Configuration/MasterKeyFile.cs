using System.Diagnostics.CodeAnalysis;
using System.Text;
using Countersign.Sessions.Keys;

namespace Countersign.Server.Configuration;

/// <summary>The file of a master key: the base64 of 32 bytes and a line end. Only its owner may read it.</summary>
internal static class MasterKeyFile
{
    // 44 characters of base64, and any line end of an editor.
    private const int LongestFileBytes = 256;

    private const string Restore = "Restore the file, or let this account read it; it holds 32 bytes as base64. Make one with: countersign secrets new";

    /// <summary>Whether a text is a master key, see <see cref="MasterKey.TryParse"/>.</summary>
    public static bool IsKey(string text)
    {
        if (!MasterKey.TryParse(text, out var key, out _))
        {
            return false;
        }

        key.Dispose();
        return true;
    }

    /// <summary>Reads a key.</summary>
    /// <param name="file">An absolute path.</param>
    /// <param name="isConfigured">Whether an operator has named the file. Then its group may read it.</param>
    /// <param name="text">The key's base64; null if it can't be read.</param>
    /// <param name="problem">What is wrong, without any content of the file; null if nothing is.</param>
    public static bool TryRead(string file, bool isConfigured, [NotNullWhen(true)] out string? text, [NotNullWhen(false)] out SettingProblem? problem)
    {
        text = null;
        try
        {
            var info = new FileInfo(file);
            if (!info.Exists)
            {
                problem = new SettingProblem($"leads to {file}, which does not exist", Restore);
                return false;
            }

            if (info.Length > LongestFileBytes)
            {
                problem = new SettingProblem($"leads to {file}, which is too long for a master key", Restore);
                return false;
            }

            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (PrivateFile.FindFault(stream.SafeFileHandle, file, isConfigured) is { } open)
            {
                problem = new SettingProblem(open.Problem, open.Remedy);
                return false;
            }

            using var reader = new StreamReader(stream, Encoding.ASCII);
            var content = reader.ReadToEnd().Trim();
            if (!IsKey(content))
            {
                problem = new SettingProblem($"leads to {file}, which is not the base64 of 32 random bytes", Restore);
                return false;
            }

            text = content;
            problem = null;
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = new SettingProblem($"leads to {file}, which can't be read", Restore);
            return false;
        }
    }

    /// <summary>Makes the file with a fresh key. If another process has made it first, the key of that process is returned.</summary>
    /// <param name="file">An absolute path. Its directory is made too, only for the owner.</param>
    /// <exception cref="IOException">The file can't be written, or another process wrote something that is not a key.</exception>
    public static string Make(string file)
    {
        var directory = Path.GetDirectoryName(file)!;
        MakeDirectory(directory);

        FileOnce.Make(file, static () => MasterKey.Create() + "\n");
        return TryRead(file, isConfigured: false, out var text, out var problem)
            ? text
            : throw new IOException($"Auth:MasterKeyFile {problem.Problem}. {problem.Remedy}");
    }

    /// <summary>Makes a directory for data that only this account may read. An existing directory stays as it is.</summary>
    public static void MakeDirectory(string directory)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
