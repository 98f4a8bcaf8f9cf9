namespace Countersign.Benchmarks.Tokens;

/// <summary>One contestant under one key: what makes a token, and what says whether a token is good. What has to be set up is set up once.</summary>
/// <param name="Name">As it stands in the results.</param>
/// <param name="Create">Makes the sample token; its length keeps the work from being left out.</param>
/// <param name="Validate">Whether a token's signature, expiry, issuer, audience and typ are right.</param>
internal sealed record TokenPeer(string Name, Func<int> Create, Func<string, bool> Validate);
