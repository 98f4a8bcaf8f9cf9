using System.Text;

namespace Countersign.Sessions.Keys;

/// <summary>Makes a file with a secret exactly once, even if several processes try at the same time.</summary>
/// <remarks>
/// A move without overwriting is not enough. Outside of Windows it first checks and then renames, so two processes that check at once both rename. So the
/// processes use an operating-system lock.
/// </remarks>
internal static class FileOnce
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes the file, readable only by its owner, unless it exists. After a crash the file is complete or does not exist.</summary>
    /// <param name="file">The path, in an existing directory.</param>
    /// <param name="create">Makes the content.</param>
    /// <exception cref="IOException">The file can't be written, or another process held the lock for too long.</exception>
    public static void Make(string file, Func<string> create)
    {
        // If the file exists, nothing is written, because the directory may be read-only.
        if (File.Exists(file))
        {
            return;
        }

        using var turn = WaitForTurn($"{file}.lock");
        if (File.Exists(file))
        {
            return;
        }

        var draft = $"{file}.{Path.GetRandomFileName()}";
        using (var stream = PrivateFile.Open(draft, FileMode.CreateNew, FileAccess.Write))
        {
            stream.Write(Encoding.ASCII.GetBytes(create()));
            stream.Flush(flushToDisk: true);
        }

        File.Move(draft, file, overwrite: false);
    }

    /// <summary>
    /// The lock file is deleted with the lock. A process that opened it just before may hold a lock on a file without a name while another process holds the
    /// next lock. Both find that the secret's file exists.
    /// </summary>
    private static FileStream WaitForTurn(string path)
    {
        for (var waited = TimeSpan.Zero; ; waited += Pause)
        {
            try
            {
                return PrivateFile.Open(path, FileMode.OpenOrCreate, FileAccess.Write, FileOptions.DeleteOnClose);
            }
            catch (IOException) when (waited < Patience && Directory.Exists(Path.GetDirectoryName(path)))
            {
                Thread.Sleep(Pause);
            }
        }
    }
}
