namespace Countersign.Benchmarks.Measurement;

/// <summary>How thorough a run is. Quick runs are for work on the code; published figures come from full runs.</summary>
internal sealed record RunSettings(bool IsQuick)
{
    /// <summary>The number of rounds.</summary>
    public int Rounds => IsQuick ? 3 : 15;
}
