using Countersign.Tokens.Settings;
using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>Writes the faults that end a start, as a numbered list.</summary>
internal static class FaultReport
{
    /// <summary>The exit code of a start that found a fault, and of a command that failed.</summary>
    public const int ExitCode = 1;

    /// <summary>Writes each fault on one line, after a heading with their number.</summary>
    /// <returns><see cref="ExitCode"/>.</returns>
    public static async Task<int> WriteAsync(TextWriter error, IReadOnlyList<SettingFault> faults)
    {
        var heading = faults.Count == 1
            ? "countersign: the configuration has 1 fault; nothing was started and nothing was changed."
            : string.Create(
                CultureInfo.InvariantCulture,
                $"countersign: the configuration has {faults.Count} faults; nothing was started and nothing was changed.");
        await error.WriteLineAsync(heading).ConfigureAwait(false);
        for (var index = 0; index < faults.Count; index++)
        {
            await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"  {index + 1}. {faults[index]}")).ConfigureAwait(false);
        }

        return ExitCode;
    }
}
