namespace Countersign.Benchmarks.Tokens;

/// <summary>One contestant with one key: one function makes a token, the other validates it. The set-up is done once.</summary>
/// <param name="Name">The name in the results.</param>
/// <param name="Create">Makes the sample token. It returns the length, so that the compiler can't skip the work.</param>
/// <param name="Validate">Whether a token's signature, expiry, issuer, audience and typ are right.</param>
internal sealed record TokenPeer(string Name, Func<int> Create, Func<string, bool> Validate);
