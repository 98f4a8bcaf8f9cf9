using System.Diagnostics;
using System.Globalization;

namespace Countersign.Conformance.Nodes;

/// <summary>
/// The wall clocks of the processes of one deployment. Debian's libfaketime can set them: all together, which lets time pass, or one alone, which lets its
/// clock jump. Monotonic clocks are never changed. Without the library, time passes only by waiting.
/// </summary>
/// <param name="folder">The folder for the files that the library reads.</param>
/// <param name="library">The path of libfaketime; null if it is missing.</param>
/// <param name="settling">How long to wait after a change: each node must compare its clock with the database's again.</param>
internal sealed class Clocks(string folder, string? library, TimeSpan settling)
{
    /// <summary>The longest real wait.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(150);

    private readonly Dictionary<string, TimeSpan> _jumps = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly DateTime _made = TimeProvider.System.GetUtcNow().UtcDateTime;
    private TimeSpan _passed;

    public bool CanBeTold => library is not null;

    /// <summary>How far the processes' clocks are ahead of this machine's.</summary>
    public TimeSpan Told => _passed;

    /// <summary>The time since the start, both waited and set.</summary>
    public TimeSpan Now => _passed + Stopwatch.GetElapsedTime(_started);

    /// <summary>The library of Debian's package; null if it is not installed.</summary>
    public static string? FindLibrary() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1"))
            .FirstOrDefault(File.Exists)
        : null;

    /// <summary>The environment variables with which a process's clock can be set under this name.</summary>
    public IReadOnlyDictionary<string, string> EnvironmentOf(string process)
    {
        if (library is null)
        {
            return new Dictionary<string, string>(StringComparer.Ordinal);
        }

        _jumps.TryAdd(process, TimeSpan.Zero);
        Write(process);
        return new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = library,
            ["FAKETIME_TIMESTAMP_FILE"] = FileOf(process),
            // The library reads its file again when the second changes. Reading it at each look at a clock would cost more than all of the server's work.
            ["FAKETIME_CACHE_DURATION"] = "0",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>Lets time pass for all processes.</summary>
    public async Task PassAsync(TimeSpan time)
    {
        if (library is null || time <= settling)
        {
            await Task.Delay(time <= LongestWait ? time : throw new InvalidOperationException($"{time} is too long to wait."));
            return;
        }

        _passed += time - settling;
        foreach (string process in _jumps.Keys)
        {
            Write(process);
        }

        await Task.Delay(settling);
    }

    /// <summary>Sets one clock apart from the others.</summary>
    public async Task JumpAsync(string process, TimeSpan fromTheOthers)
    {
        _jumps[process] = fromTheOthers;
        Write(process);
        await Task.Delay(settling);
    }

    /// <summary>Removes what the library shares between the processes of a family. Killed processes leave it behind.</summary>
    public void Clear()
    {
        if (library is null)
        {
            return;
        }

        foreach (string left in Directory.EnumerateFiles("/dev/shm", "*faketime_s*_*"))
        {
            string process = left[(left.LastIndexOf('_') + 1)..];
            if (File.GetCreationTimeUtc(left) >= _made && process.All(char.IsAsciiDigit) && !Directory.Exists($"/proc/{process}"))
            {
                File.Delete(left);
            }
        }
    }

    private string FileOf(string process) => Path.Combine(folder, $"{process}.clock");

    private void Write(string process)
    {
        // Write a new file and rename it, so that a reader sees either the old or the new content.
        string fresh = FileOf(process) + ".new";
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"{(_passed + _jumps[process]).TotalSeconds:+0.000;-0.000}"));
        File.Move(fresh, FileOf(process), overwrite: true);
    }
}
