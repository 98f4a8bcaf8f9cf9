namespace Countersign.Benchmarks.Measurement;

/// <summary>How thorough a run is. Quick runs are for whoever changes the code; figures that are published come from full ones.</summary>
internal sealed record RunSettings(bool IsQuick)
{
    /// <summary>How often the contestants take turns.</summary>
    public int Rounds => IsQuick ? 3 : 15;
}
