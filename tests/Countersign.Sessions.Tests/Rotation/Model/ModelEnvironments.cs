namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>
/// The environments of the search. H: one tick is at least any flight. S: one tick is 5 s, which is the bound, and stalls last for up to two graces and two
/// ticks. L: larger than those.
/// </summary>
internal static class ModelEnvironments
{
    private const int Unbounded = ModelEnvironment.Unbounded;

    private static readonly int[] OneTab = [0];
    private static readonly int[] ThreeTabs = [0, 0, 0];
    private static readonly int[] OwnStores = [0, 1];

    private static readonly ModelEnvironment Stalled = new("S1 one stall") { Grace = 6, LongestStall = 14, Starts = 3 };
    private static readonly ModelEnvironment OneFault = new("one fault of any kind") { Grace = 6, Starts = 3, Faults = 1 };

    public static readonly ModelEnvironment[] All =
    [
        new("H1 2 tabs, one store, prompt") { Starts = 3 },
        new("H2 3 tabs, one store, prompt") { Stores = ThreeTabs },
        new("H3 as H1, answers overwrite") { Keep = KeepRule.Latest },
        new("H4 as H1, compare-and-swap store") { Keep = KeepRule.CompareAndSwap },
        new("H5 answer lost, retried within the grace") { Grace = 6, Losses = 1, Starts = 3 },
        new("H6 answers lost, retried at any time") { Stores = OneTab, Losses = 2, LongestRetry = Unbounded, Starts = 3 },
        new("H7 the same with a second tab") { Losses = 1, LongestRetry = Unbounded, Starts = 2 },
        new("H8 a request late by more than the grace") { LongestFlight = 5, Starts = 2 },
        new("H9 the same, two rotations meanwhile") { LongestFlight = 5, Starts = 3 },
        new("H10 own stores, timers in step") { Stores = OwnStores, InStep = 1, Grace = 6 },
        new("H11 own stores, free") { Stores = OwnStores, Starts = 3 },
        new("H12 stall beyond the grace inside the server") { LongestStall = 5, Starts = 3 },
        new("H13 database away for longer than the grace") { Grace = 6, Outages = 1, Starts = 2 },
        new("H14 failover loses one rotation, one client") { Stores = OneTab, GoesBack = 1 },
        new("H15 the same, 2 tabs") { GoesBack = 1, Starts = 3 },
        new("H16 backup, many rotations back") { Stores = OneTab, GoesBack = 9 },
        new("H17 two answers lost, at any time, 2 tabs") { Losses = 2, LongestRetry = Unbounded, Starts = 3 },
        new("H18 one lost and the database away") { Losses = 1, LongestRetry = Unbounded, Starts = 3, Outages = 1 },
        new("H19 3 tabs, one store, 6 refreshes") { Stores = ThreeTabs, Starts = 6 },
        Stalled,
        Stalled with { Name = "S2 the same, clients repeat the same token", RepeatsToken = true },
        Stalled with { Name = "S3 as S1, compare-and-swap store", Keep = KeepRule.CompareAndSwap },
        Stalled with { Name = "S4 as S1, answers overwrite", Keep = KeepRule.Latest },
        OneFault with { Name = "S5 one request or answer up to 9 ticks late", LongestFlight = 9 },
        OneFault with { Name = "S6 one answer lost, retried at any time", Losses = 1, LongestRetry = Unbounded },
        OneFault with { Name = "S7 database away", Outages = 1 },
        OneFault with { Name = "S8 failover loses one rotation", GoesBack = 1 },
        OneFault with { Name = "S9 one request or answer up to 10 ticks late", LongestFlight = 10 },
        OneFault with { Name = "S10 as S7, clients repeat the same token", Outages = 1, RepeatsToken = true },
    ];

    /// <summary>Three tabs that begin four refreshes, and every kind of fault in one search. Up to three million states each.</summary>
    public static readonly ModelEnvironment[] Large =
    [
        Stalled with { Name = "L1 as S1, 3 tabs, 4 refreshes", Stores = ThreeTabs, Starts = 4 },
        Find("S5") with { Name = "L5 as S5, 3 tabs, 4 refreshes", Stores = ThreeTabs, Starts = 4 },
        Find("S6") with { Name = "L6 as S6, 3 tabs, 4 refreshes", Stores = ThreeTabs, Starts = 4 },
        Find("S7") with { Name = "L7 as S7, 3 tabs, 4 refreshes", Stores = ThreeTabs, Starts = 4 },
        Find("S8") with { Name = "L8 as S8, 3 tabs, 4 refreshes", Stores = ThreeTabs, Starts = 4 },
        OneFault with
        {
            Name = "L9 any one fault of any kind, 2 tabs, 3 refreshes",
            LongestFlight = 9,
            LongestStall = 14,
            Losses = 1,
            LongestRetry = Unbounded,
            Outages = 1,
            GoesBack = 1,
        },
    ];

    /// <summary>The environment whose name begins with <paramref name="id"/>, such as "H9".</summary>
    public static ModelEnvironment Find(string id) => All.Single(environment => environment.Name.StartsWith(id + " ", StringComparison.Ordinal));
}
