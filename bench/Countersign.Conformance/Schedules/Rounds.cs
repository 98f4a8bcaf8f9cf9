namespace Countersign.Conformance.Schedules;

/// <summary>How time is told in the schedules.</summary>
internal static class Rounds
{
    /// <summary>Between two refreshes of an app that is in use: as long as access tokens live (27 to 30 minutes), and past every grace and leeway.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(31);

    /// <summary>Past the time for which a generation stands (60 s) and past every grace (30 s): the shortest time after which a refresh is a new one for every server.</summary>
    public static readonly TimeSpan Fresh = TimeSpan.FromSeconds(75);

    /// <summary>After so many refreshes of the victim a thief must have been found.</summary>
    public const int MostVictimRefreshes = 5;

    /// <summary>
    /// The same for a thief who hides in the grace: chance gives him away, about two times in three at each refresh, so that one in ten thousand is left by then.
    /// </summary>
    public const int MostShadowedRefreshes = 10;
}
