namespace Countersign.Tokens.Jose;

/// <summary>How a token's <c>aud</c> relates to the policy's audience.</summary>
internal enum AudienceClaim
{
    Missing = 0,

    /// <summary>The token has the claim, but it does not name the policy's audience, or the policy has none.</summary>
    Foreign,

    /// <summary>The claim names the policy's audience, and possibly others.</summary>
    Ours,
}
