using System.Runtime.InteropServices;

namespace Countersign.Harness;

/// <summary>The machine of a measurement.</summary>
public static class Machine
{
    private const string Processors = "/proc/cpuinfo";

    /// <summary>The number of the machine's cores, even if this process may use only one of them.</summary>
    public static int Cores => File.Exists(Processors)
        ? File.ReadLines(Processors).Count(static line => line.StartsWith("processor", StringComparison.Ordinal))
        : Environment.ProcessorCount;

    public static string Description
    {
        get
        {
            string? model = File.Exists(Processors)
                ? File.ReadLines(Processors).FirstOrDefault(static line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':')[1].Trim()
                : null;
            string processor = model ?? RuntimeInformation.ProcessArchitecture.ToString();
            return $"{Cores} x {processor}, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}";
        }
    }
}
