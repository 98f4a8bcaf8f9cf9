using System.Runtime.InteropServices;

namespace Countersign.Reliability.Results;

/// <summary>What it ran on.</summary>
internal static class Machine
{
    public static string Description
    {
        get
        {
            const string processors = "/proc/cpuinfo";
            string? model = File.Exists(processors)
                ? File.ReadLines(processors).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
                : null;
            return $"{Environment.ProcessorCount} x {model ?? RuntimeInformation.ProcessArchitecture.ToString()}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        }
    }
}
