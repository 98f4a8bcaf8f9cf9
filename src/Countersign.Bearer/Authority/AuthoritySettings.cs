namespace Countersign.Bearer.Authority;

/// <summary>The checked options of one authority; immutable. Requests read these settings, never the options.</summary>
internal sealed record AuthoritySettings
{
    private const string OpenIdPath = "/.well-known/openid-configuration";
    private const string OAuthPath = "/.well-known/oauth-authorization-server";

    /// <summary>The scheme's name, for the log.</summary>
    public required string Scheme { get; init; }

    /// <summary>The required value of <c>iss</c> and of the metadata's <c>issuer</c>.</summary>
    public required string Issuer { get; init; }

    /// <summary>The value that <c>aud</c> must contain.</summary>
    public required string Audience { get; init; }

    /// <summary>Possible addresses of the metadata, in the order in which they are tried; empty if the address of the JWK Set is configured.</summary>
    public required IReadOnlyList<Uri> MetadataAddresses { get; init; }

    /// <summary>The configured address of the JWK Set; null if the metadata gives it.</summary>
    public required Uri? JwksUri { get; init; }

    /// <summary>The shortest and the longest time for which keys are kept without a new request.</summary>
    public required (TimeSpan Least, TimeSpan Most) CacheAge { get; init; }

    /// <summary>How long keys are used while no new keys can be fetched.</summary>
    public required TimeSpan MaxKeyAge { get; init; }

    /// <summary>How long one renewal may take, and how long a request waits for it.</summary>
    public required TimeSpan Timeout { get; init; }

    public static AuthoritySettings From(string scheme, CountersignBearerOptions options)
    {
        var issuer = options.Authority!;
        return new AuthoritySettings
        {
            Scheme = scheme,
            Issuer = issuer,
            Audience = options.Audience ?? issuer,
            MetadataAddresses = options.JwksUri is not null ? [] : options.MetadataAddress is { } address ? [new Uri(address)] : FindMetadata(issuer),
            JwksUri = options.JwksUri is { } set ? new Uri(set) : null,
            CacheAge = (options.MinCacheAge, options.MaxCacheAge),
            MaxKeyAge = options.MaxKeyAge,
            Timeout = options.BackchannelTimeout,
        };
    }

    /// <summary>
    /// Whether keys may be fetched from an address in the metadata. It must have the origin of the authority, or of the configured metadata address.
    /// </summary>
    public bool IsOfOrigin(Uri address) =>
        IsSameOrigin(address, new Uri(Issuer)) || MetadataAddresses.Any(metadata => IsSameOrigin(address, metadata));

    /// <summary>OpenID Connect Discovery 1.0 §4 puts the well-known path after the issuer's path, RFC 8414 §3.1 puts it before.</summary>
    private static IReadOnlyList<Uri> FindMetadata(string issuer)
    {
        var root = new Uri(issuer);
        var path = root.AbsolutePath.TrimEnd('/');
        var origin = root.GetLeftPart(UriPartial.Authority);
        return [new Uri(origin + path + OpenIdPath), new Uri(origin + OAuthPath + path)];
    }

    private static bool IsSameOrigin(Uri one, Uri other) =>
        Uri.Compare(one, other, UriComponents.SchemeAndServer, UriFormat.SafeUnescaped, StringComparison.OrdinalIgnoreCase) == 0;
}
