namespace Countersign.AspNetCore.Clients;

/// <summary>A client that has made itself known: a confidential one by its secret, or the public one, which has nothing to prove itself by.</summary>
internal sealed class Client
{
    private Client(string id, IReadOnlySet<string> audiences, bool isPublic)
    {
        Id = id;
        Audiences = audiences;
        IsPublic = isPublic;
    }

    /// <summary>The client's id. It lives in a namespace of its own: no account is ever looked up by it (RFC 9700 §4.15).</summary>
    public string Id { get; }

    /// <summary>The audiences whose tokens it may ask of and revoke; empty for the public client, whose tokens are those that were issued to it.</summary>
    public IReadOnlySet<string> Audiences { get; }

    /// <summary>Whether it is the public client.</summary>
    public bool IsPublic { get; }

    /// <summary>Makes a confidential client.</summary>
    public static Client Confidential(string id, IEnumerable<string> audiences) => new(id, audiences.ToHashSet(StringComparer.Ordinal), isPublic: false);

    /// <summary>Makes the public client.</summary>
    public static Client Public(string id) => new(id, new HashSet<string>(StringComparer.Ordinal), isPublic: true);
}
