namespace Countersign.AspNetCore.Clients;

/// <summary>A client that was authenticated: a confidential client by its secret, or the public client, which has no secret.</summary>
internal sealed class Client
{
    private Client(string id, IReadOnlySet<string> audiences, bool isPublic)
    {
        Id = id;
        Audiences = audiences;
        IsPublic = isPublic;
    }

    /// <summary>The client's id. Clients' ids and accounts' ids are separate: no account is ever looked up by it (RFC 9700 §4.15).</summary>
    public string Id { get; }

    /// <summary>
    /// The audiences whose tokens the client may introspect and revoke. Empty for the public client: its tokens are those that were issued to it.
    /// </summary>
    public IReadOnlySet<string> Audiences { get; }

    public bool IsPublic { get; }

    public static Client Confidential(string id, IEnumerable<string> audiences) => new(id, audiences.ToHashSet(StringComparer.Ordinal), isPublic: false);

    public static Client Public(string id) => new(id, new HashSet<string>(StringComparer.Ordinal), isPublic: true);
}
