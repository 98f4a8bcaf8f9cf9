using System.Diagnostics;
using System.Globalization;

namespace Countersign.Conformance.Nodes;

/// <summary>
/// The wall clocks of the processes of one deployment. With Debian's libfaketime they can be told: all together, which is time that passes, or one alone, which is a clock that
/// jumps. Monotonic clocks are never touched. Without it time passes by waiting.
/// </summary>
/// <param name="folder">For the files that the library reads.</param>
/// <param name="library">libfaketime; null where time passes by waiting.</param>
/// <param name="settling">How long after a change nobody acts on it: a node that compares its clock with a database's must have compared them again.</param>
internal sealed class Clocks(string folder, string? library, TimeSpan settling)
{
    /// <summary>More is not waited for.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(150);

    private readonly Dictionary<string, TimeSpan> _jumps = new(StringComparer.Ordinal);
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly DateTime _made = TimeProvider.System.GetUtcNow().UtcDateTime;
    private TimeSpan _passed;

    public bool CanBeTold => library is not null;

    /// <summary>How far the clocks of the processes are ahead of this machine's.</summary>
    public TimeSpan Told => _passed;

    /// <summary>What has passed since the start, by waiting and by telling.</summary>
    public TimeSpan Now => _passed + Stopwatch.GetElapsedTime(_started);

    /// <summary>Where Debian's package has put the library; null where it is not installed.</summary>
    public static string? FindLibrary() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib", "*-linux-gnu*").Select(static folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>What a process must find in its environment, so that its clock can be told under this name.</summary>
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
            // The library reads its file again when the second changes; at each look at a clock it would cost more than all that the server does.
            ["FAKETIME_CACHE_DURATION"] = "0",
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            ["DONT_FAKE_MONOTONIC"] = "1",
        };
    }

    /// <summary>Lets time pass for all.</summary>
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

    /// <summary>Sets one clock so far from the others.</summary>
    public async Task JumpAsync(string process, TimeSpan fromTheOthers)
    {
        _jumps[process] = fromTheOthers;
        Write(process);
        await Task.Delay(settling);
    }

    /// <summary>Removes what the library shares between the processes of a family, and killed ones leave behind.</summary>
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
        // Renamed into place: a reader sees the old or the new.
        string fresh = FileOf(process) + ".new";
        File.WriteAllText(fresh, string.Create(CultureInfo.InvariantCulture, $"{(_passed + _jumps[process]).TotalSeconds:+0.000;-0.000}"));
        File.Move(fresh, FileOf(process), overwrite: true);
    }
}
