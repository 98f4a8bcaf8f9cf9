namespace Countersign.AspNetCore;

/// <summary>One confidential client: who it is, how it proves that, and whose tokens it may look at.</summary>
public sealed class CountersignClientOptions
{
    /// <summary>
    /// The client's id: 1 to 255 characters of printable ASCII (RFC 6749 appendix A.1) without a colon, which HTTP Basic has no room for, and no space at
    /// either end. It is no other client's, and not <c>Auth:ClientId</c>, which names the public client. Required.
    /// </summary>
    public string? Id { get; set; }

    /// <summary>
    /// SHA-256 of the UTF-8 bytes of the client's secret, as 64 lower-case hexadecimal digits. The secret has at least 128 random bits, so that a plain hash
    /// gives it away to nobody; <c>countersign clients create</c> makes one of 256. Required, and no other client's.
    /// </summary>
    public string? SecretHash { get; set; }

    /// <summary>The hash of the secret that <see cref="SecretHash"/> replaces: still accepted. Null while none is being replaced.</summary>
    public string? PreviousSecretHash { get; set; }

    /// <summary>The audiences (<c>aud</c>) whose tokens the client may ask of and revoke, compared ordinally. At least one.</summary>
    public IList<string> Audiences { get; } = [];

    /// <summary>The type's name; never a hash.</summary>
    public override string ToString() => nameof(CountersignClientOptions);
}
