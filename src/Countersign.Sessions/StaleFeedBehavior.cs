namespace Countersign.Sessions;

/// <summary>How a node answers access tokens while it can't read the revocations of other nodes.</summary>
public enum StaleFeedBehavior
{
    /// <summary>
    /// The node accepts them by the revocations that it knows. It works without its database. A revocation on another node takes effect here when the database
    /// is back.
    /// </summary>
    Accept,

    /// <summary>The node answers 503 with <c>Retry-After</c>. It does not answer 401, so that no client discards a valid token.</summary>
    Refuse,
}
