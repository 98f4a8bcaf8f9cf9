namespace Countersign.Sessions;

/// <summary>What becomes of access tokens while a node can't know what others revoke.</summary>
public enum StaleFeedBehavior
{
    /// <summary>
    /// They are accepted, by what the node knew last: the service goes on without its database, and a revocation elsewhere takes effect here when it
    /// is back.
    /// </summary>
    Accept,

    /// <summary>They are answered 503 with <c>Retry-After</c>, never 401: no client throws a good token away.</summary>
    Refuse,
}
