namespace Countersign.Tokens.Jose;

/// <summary>How a token's <c>aud</c> stands to the policy's audience.</summary>
internal enum AudienceClaim
{
    Missing = 0,

    /// <summary>It is there, and does not name the policy's audience, or the policy has none.</summary>
    Foreign,

    /// <summary>It names the policy's audience, alone or among others.</summary>
    Ours,
}
