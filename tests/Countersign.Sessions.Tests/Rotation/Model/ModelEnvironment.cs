namespace Countersign.Sessions.Tests.Rotation.Model;

/// <summary>What a client does with an answer that its store did not expect.</summary>
internal enum KeepRule
{
    /// <summary>It keeps the higher generation, as <c>refresh_generation</c> lets it.</summary>
    Highest,

    /// <summary>It keeps whatever came last.</summary>
    Latest,

    /// <summary>It keeps the answer only if the store still holds the token it sent.</summary>
    CompareAndSwap,
}

/// <summary>
/// The world that honest clients refresh in. Times are in ticks; the grace is a whole number of them, and one tick is at least any ordinary flight.
/// </summary>
internal sealed record ModelEnvironment(string Name)
{
    /// <summary>The bound of a message's delay or a retry's wait that never ends.</summary>
    public const int Unbounded = 99;

    /// <summary>The store that each tab uses.</summary>
    public int[] Stores { get; init; } = [0, 0];

    /// <summary>The grace.</summary>
    public int Grace { get; init; } = 3;

    /// <summary>How long a request or an answer may travel.</summary>
    public int LongestFlight { get; init; } = 1;

    /// <summary>How long a commit or a node may stall; 1: not at all.</summary>
    public int LongestStall { get; init; } = 1;

    /// <summary>How long a client waits before it sends again after a lost answer.</summary>
    public int LongestRetry { get; init; } = 1;

    /// <summary>How many answers may be lost.</summary>
    public int Losses { get; init; }

    /// <summary>How many refreshes the tabs begin.</summary>
    public int Starts { get; init; } = 4;

    /// <summary>What a client keeps.</summary>
    public KeepRule Keep { get; init; } = KeepRule.Highest;

    /// <summary>Clients of stores of their own refresh in step, each within so many ticks of a rotation; null: at any time.</summary>
    public int? InStep { get; init; }

    /// <summary>How often the database may go away for longer than the grace.</summary>
    public int Outages { get; init; }

    /// <summary>By how many generations the database may go back, once; null: it does not.</summary>
    public int? GoesBack { get; init; }

    /// <summary>How many faults of any kind together; <see cref="Unbounded"/>: each as often as its own number says.</summary>
    public int Faults { get; init; } = Unbounded;

    /// <summary>Whether a client that sends again repeats the token from its memory, not what its store holds.</summary>
    public bool RepeatsToken { get; init; }

    public override string ToString() => Name;
}
