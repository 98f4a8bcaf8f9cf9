namespace Countersign.AspNetCore;

/// <summary>One confidential client: its id, the hash of its secret, and the audiences whose tokens it may introspect and revoke.</summary>
public sealed class CountersignClientOptions
{
    /// <summary>
    /// The client's id: 1 to 255 characters of printable ASCII (RFC 6749 appendix A.1), without a colon, because HTTP Basic can't carry one, and without a
    /// space at the start or the end. It must differ from the other clients' ids and from <c>Auth:ClientId</c>, the id of the public client. Required.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>
    /// SHA-256 of the UTF-8 bytes of the client's secret, as 64 lower-case hexadecimal digits. Required, and different for each client. The secret must have
    /// at least 128 random bits: then a plain hash does not reveal it. Countersign's own server makes secrets of 256 bits.
    /// </summary>
    public string? SecretHash { get; set; }

    /// <summary>The hash of the secret that <see cref="SecretHash"/> replaces. The old secret is still accepted. Null if no secret is being replaced.</summary>
    public string? PreviousSecretHash { get; set; }

    /// <summary>The audiences (<c>aud</c>) whose tokens the client may introspect and revoke; compared ordinally. At least one is required.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>Returns the type's name, never a hash.</summary>
    public override string ToString() => nameof(CountersignClientOptions);
}
