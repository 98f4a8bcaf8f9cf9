namespace Countersign.Benchmarks.Measurement;

/// <summary>One line of the results.</summary>
/// <param name="Name">The stable name, which limits refer to.</param>
/// <param name="Nanoseconds">Median time of one operation.</param>
/// <param name="Bytes">Median of the managed bytes that one operation allocates, on all threads; not a number if another process did the work.</param>
/// <param name="Versus">For each peer, the median of the rounds' ratios. The code that makes the row says what is divided by what.</param>
internal sealed record Row(string Name, double Nanoseconds, double Bytes, IReadOnlyDictionary<string, double> Versus);
