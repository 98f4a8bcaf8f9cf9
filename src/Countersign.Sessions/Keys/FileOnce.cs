using System.Text;

namespace Countersign.Sessions.Keys;

/// <summary>Makes a file that holds a secret, once, however many processes try at the same time.</summary>
/// <remarks>
/// A move that must not overwrite is no guard for that: outside of Windows it looks first and renames then, and of two that look at once both rename. So the
/// processes take turns under an operating-system lock.
/// </remarks>
internal static class FileOnce
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Makes the file, readable by its owner alone, unless it is there. It is there whole or not at all, also after a crash.</summary>
    /// <param name="file">Its path, in a directory that is there.</param>
    /// <param name="create">Makes what it holds.</param>
    /// <exception cref="IOException">It can't be written, or another process has held the lock for too long.</exception>
    public static void Make(string file, Func<string> create)
    {
        // Nothing is written where nothing is to be made: the directory may be one that can only be read.
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
    /// The lock's file goes with the lock. Whoever opened it just before may then hold a lock on a file without a name, beside the next: both find the file
    /// made.
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
