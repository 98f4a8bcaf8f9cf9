using Countersign.Harness;

namespace Countersign.Reliability;

/// <summary>The settings of a run.</summary>
/// <param name="Store">The store.</param>
/// <param name="Count">The number of repetitions.</param>
/// <param name="Seed">The seed of all random choices, as far as processes allow.</param>
/// <param name="Away">How long the database is down, in runs that stop it.</param>
/// <param name="Progress">Receives the progress.</param>
internal sealed record Settings(StoreKind Store, int Count, int Seed, TimeSpan Away, TextWriter Progress);
