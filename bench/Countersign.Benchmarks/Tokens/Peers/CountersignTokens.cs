using Countersign.Tokens;

namespace Countersign.Benchmarks.Tokens.Peers;

internal static class CountersignTokens
{
    public static TokenPeer Create(SampleToken sample, VerifiedTokenCache? verified)
    {
        var issuer = new TokenIssuer(sample.Policy, TimeProvider.System);
        var validator = new TokenValidator(sample.Policy, TimeProvider.System, revocations: null, verified);
        return new TokenPeer(
            "countersign",
            () => issuer.Create(sample.Describe()).Length,
            token => validator.TryValidate(token, out var claims, out _) && claims.Subject.Length > 0);
    }
}
