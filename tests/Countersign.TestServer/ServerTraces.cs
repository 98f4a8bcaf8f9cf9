using System.Text;
using System.Text.RegularExpressions;

namespace Countersign.TestServer;

/// <summary>What a server has left behind: its output and its files. Nothing in them may be a secret, and nothing may have failed.</summary>
internal static partial class ServerTraces
{
    /// <summary>The files that hold a secret by design, readable by their owner alone.</summary>
    private static readonly string[] SecretFiles = ["master.key"];

    /// <summary>Looks through everything.</summary>
    /// <param name="directory">The directory that the server worked in, its data within.</param>
    /// <param name="log">Its standard error and output.</param>
    /// <param name="isExpected">Whether a line of failure belongs to what the tests did.</param>
    /// <returns>What should not be there.</returns>
    public static IReadOnlyList<string> FindFaults(string directory, string log, Predicate<string> isExpected)
    {
        List<string> faults = [.. Canaries.Find("the log", Encoding.UTF8.GetBytes(log))];
        foreach (var file in Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories))
        {
            if (!SecretFiles.Contains(Path.GetFileName(file), StringComparer.Ordinal))
            {
                faults.AddRange(Canaries.Find(file, File.ReadAllBytes(file)));
            }
        }

        faults.AddRange(log.Split('\n').Where(line => Failure().IsMatch(line) && !isExpected(line)).Take(10).Select(static line => $"the log: {line}"));
        return faults;
    }

    // The console's own prefix, and what the runtime writes for an exception that nobody took.
    [GeneratedRegex(@"^\S+Z (fail|crit): |^Unhandled exception", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Failure();
}
