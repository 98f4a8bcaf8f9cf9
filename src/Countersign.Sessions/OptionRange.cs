using System.Globalization;

namespace Countersign.Sessions;

/// <summary>The ranges of options, checked without reflection: data annotations on durations can't be trimmed.</summary>
internal static class OptionRange
{
    /// <summary>Adds a fault if a duration lies outside its range.</summary>
    public static void Check(string key, TimeSpan value, TimeSpan least, TimeSpan most, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add($"{key} is {value:c}; it must be {least:c} to {most:c} (days.hours:minutes:seconds).");
        }
    }

    /// <summary>Adds a fault if a number lies outside its range.</summary>
    public static void Check(string key, int value, int least, int most, List<string> faults)
    {
        if (value < least || value > most)
        {
            faults.Add(string.Create(CultureInfo.InvariantCulture, $"{key} is {value}; it must be {least} to {most}."));
        }
    }
}
