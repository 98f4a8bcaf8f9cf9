using System.Globalization;

namespace Countersign.Server.Configuration;

/// <summary>Durations that are sound alone and not together.</summary>
internal static class LifetimeCheck
{
    /// <summary>Pairs of which the first must not be longer; each with its default, from the options' own class.</summary>
    private static readonly ((string Key, TimeSpan Default) Shorter, (string Key, TimeSpan Default) Longer)[] Pairs =
    [
        (("Auth:Sessions:IdleLifetime", TimeSpan.FromDays(7)), ("Auth:Sessions:AbsoluteLifetime", TimeSpan.FromDays(90))),
        (("Auth:Sessions:AccessTokenLifetime", TimeSpan.FromMinutes(30)), ("Auth:Sessions:IdleLifetime", TimeSpan.FromDays(7))),
        (("Auth:Guessing:FirstBlock", TimeSpan.FromMinutes(1)), ("Auth:Guessing:LongestBlock", TimeSpan.FromMinutes(15))),
    ];

    /// <summary>Notes each pair that does not fit.</summary>
    public static void Run(ConfigurationReading reading)
    {
        foreach (var (shorter, longer) in Pairs)
        {
            var least = reading.Duration(shorter.Key, shorter.Default);
            var most = reading.Duration(longer.Key, longer.Default);
            if (least > most)
            {
                // The one that the operator wrote is the one to name; a default is nobody's fault.
                var blamed = reading.IsSet(shorter.Key) ? shorter.Key : longer.Key;
                reading.Fault(
                    blamed,
                    string.Create(CultureInfo.InvariantCulture, $"does not fit: {shorter.Key} ({least:c}) is longer than {longer.Key} ({most:c})"),
                    $"Shorten {reading.SourceOf(shorter.Key)}, or lengthen {reading.SourceOf(longer.Key)}.");
            }
        }
    }
}
