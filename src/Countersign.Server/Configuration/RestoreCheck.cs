using Countersign.Sessions;

namespace Countersign.Server.Configuration;

/// <summary>What <c>Auth:Refresh:AfterRestore</c> needs: it opens a check, so both of its ends must be said.</summary>
internal static class RestoreCheck
{
    private const string Switch = "Auth:Refresh:AfterRestore";
    private const string PointKey = "Auth:Refresh:RestorePoint";
    private const string UntilKey = "Auth:Refresh:AcceptUntil";

    /// <summary>The longest idle lifetime: after it no token of before the restore is alive.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(365);

    /// <summary>Notes what is missing, and dates that do not fit.</summary>
    public static void Run(ConfigurationReading reading)
    {
        if (!string.Equals(reading.Value(Switch), nameof(AfterRestore.Accept), StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        var point = Find(reading, PointKey, "Write the instant of the backup that was restored.");
        var until = Find(reading, UntilKey, "Write the instant at which tokens of after the backup are refused again.");
        if (until <= point || until - point > Longest)
        {
            reading.Fault(UntilKey, $"does not fit {PointKey}", $"It must be later, by {Longest.Days} days at most.");
        }
    }

    private static DateTimeOffset? Find(ConfigurationReading reading, string key, string remedy)
    {
        if (reading.IsFaulty(key))
        {
            return null;
        }

        if (reading.Value(key) is not { } value)
        {
            reading.Fault(key, $"is missing: {Switch} is {nameof(AfterRestore.Accept)}", remedy);
            return null;
        }

        return Setting.TryReadInstant(value, out var instant) ? instant : null;
    }
}
