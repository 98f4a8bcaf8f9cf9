namespace Countersign.Conformance.Schedules;

/// <summary>The times that the schedules use.</summary>
internal static class Rounds
{
    /// <summary>Between two refreshes of an app in use: as long as access tokens live (27 to 30 minutes), and longer than every grace and leeway.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(31);

    /// <summary>
    /// Longer than the minimum rotation interval (60 s) and every grace (30 s): the shortest time after which every server makes a new token at a refresh.
    /// </summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(75);

    /// <summary>After this number of refreshes of the victim a thief must have been found.</summary>
    public const int MostVictimRefreshes = 5;

    /// <summary>
    /// The same for a thief who hides in the grace. Each refresh finds him by chance, about two times in three, so after these one in ten thousand is left.
    /// </summary>
    public const int MostShadowedRefreshes = 10;
}
