namespace Countersign.Benchmarks.Measurement;

/// <summary>One line of the results.</summary>
/// <param name="Name">Stable; what limits are set on.</param>
/// <param name="Nanoseconds">Median time of one operation.</param>
/// <param name="Bytes">Median of what one operation allocates on the managed heap, all threads together; not a number where another process did the work.</param>
/// <param name="Versus">Against each peer, the median of the rounds' ratios. What is divided by what is said where the row is made.</param>
internal sealed record Row(string Name, double Nanoseconds, double Bytes, IReadOnlyDictionary<string, double> Versus);
