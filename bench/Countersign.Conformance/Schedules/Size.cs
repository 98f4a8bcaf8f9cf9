namespace Countersign.Conformance.Schedules;

/// <summary>How much is played.</summary>
internal enum Size
{
    Full = 1,

    /// <summary>A few trials of everything, and shorter outages.</summary>
    Quick,

    /// <summary>As few trials as show that a schedule can be played, for a test.</summary>
    Brief,
}
