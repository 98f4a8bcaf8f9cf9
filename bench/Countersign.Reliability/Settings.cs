using Countersign.Harness;

namespace Countersign.Reliability;

/// <summary>What a run is told.</summary>
/// <param name="Store">On which store.</param>
/// <param name="Count">How often, or how many.</param>
/// <param name="Seed">What all choices of chance follow from, as far as processes let them.</param>
/// <param name="Away">How long the database is away, where it goes away.</param>
/// <param name="Progress">Where it says how far it is.</param>
internal sealed record Settings(StoreKind Store, int Count, int Seed, TimeSpan Away, TextWriter Progress);
