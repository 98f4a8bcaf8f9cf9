using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>Password settings that are sound alone and not together.</summary>
internal static class PasswordCheck
{
    private const string Cost = "Auth:Passwords:Cost";
    private const string MaxStoredCost = "Auth:Passwords:MaxStoredCost";

    // The defaults of PasswordEngineOptions.
    private const int DefaultCost = 12;
    private const int DefaultMaxStoredCost = 16;

    /// <summary>Notes a cost that the server would write and then refuse to read.</summary>
    public static void Run(ConfigurationReading reading)
    {
        var cost = Number(reading, Cost, DefaultCost);
        var most = Number(reading, MaxStoredCost, DefaultMaxStoredCost);
        if (cost > most)
        {
            reading.Fault(MaxStoredCost, $"is {most}, below the cost of new hashes ({cost})", $"Raise it to at least {Cost}, or lower that.");
        }
    }

    private static int Number(ConfigurationReading reading, string key, int otherwise) =>
        reading.Value(key) is { } text ? int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture) : otherwise;
}
