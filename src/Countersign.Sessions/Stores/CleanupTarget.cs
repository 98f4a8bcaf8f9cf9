namespace Countersign.Sessions.Stores;

/// <summary>Rows that nothing needs any more, of one kind.</summary>
internal enum CleanupTarget
{
    /// <summary>Sessions that expired before an instant, by their idle expiry, which is never later than the absolute one.</summary>
    ExpiredSessions = 1,

    /// <summary>Sessions that were revoked before an instant.</summary>
    RevokedSessions,

    /// <summary>Lines of the revocation feed from before an instant.</summary>
    Revocations,

    /// <summary>Counted guesses of which the last was before an instant, and so was the end of the block.</summary>
    SignInAttempts,

    /// <summary>Lines of the audit table from before an instant.</summary>
    Events,
}
