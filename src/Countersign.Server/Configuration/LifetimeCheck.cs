using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>Lifetimes that are sound alone and not together.</summary>
internal static class LifetimeCheck
{
    private const string Idle = "Auth:Sessions:IdleLifetime";
    private const string Absolute = "Auth:Sessions:AbsoluteLifetime";
    private const string Access = "Auth:Sessions:AccessTokenLifetime";

    // The defaults of SessionOptions.
    private static readonly TimeSpan DefaultAccess = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan DefaultIdle = TimeSpan.FromDays(7);
    private static readonly TimeSpan DefaultAbsolute = TimeSpan.FromDays(90);

    /// <summary>Notes a session that would end before its own parts do.</summary>
    public static void Run(ConfigurationReading reading)
    {
        var access = reading.Duration(Access, DefaultAccess);
        var idle = reading.Duration(Idle, DefaultIdle);
        var absolute = reading.Duration(Absolute, DefaultAbsolute);
        if (idle > absolute)
        {
            Fault(reading, Idle, Absolute, idle, absolute);
        }

        if (access > idle)
        {
            Fault(reading, Access, Idle, access, idle);
        }
    }

    private static void Fault(ConfigurationReading reading, string shorter, string longer, TimeSpan shorterValue, TimeSpan longerValue)
    {
        var blamed = reading.IsSet(shorter) ? shorter : longer;
        reading.Fault(
            blamed,
            string.Create(CultureInfo.InvariantCulture, $"does not fit: {reading.SourceOf(shorter)} ({shorterValue:c}) is longer than {reading.SourceOf(longer)} ({longerValue:c})"),
            $"Shorten {reading.SourceOf(shorter)}, or lengthen {longer}.");
    }
}
