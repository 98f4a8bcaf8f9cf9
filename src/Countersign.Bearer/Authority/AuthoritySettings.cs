namespace Countersign.Bearer.Authority;

/// <summary>The options of one authority, checked and frozen: a request never reads options.</summary>
internal sealed record AuthoritySettings
{
    private const string OpenIdPath = "/.well-known/openid-configuration";
    private const string OAuthPath = "/.well-known/oauth-authorization-server";

    /// <summary>The scheme's name, for the log.</summary>
    public required string Scheme { get; init; }

    /// <summary>What <c>iss</c> and the metadata's <c>issuer</c> must be.</summary>
    public required string Issuer { get; init; }

    /// <summary>What <c>aud</c> must name.</summary>
    public required string Audience { get; init; }

    /// <summary>Where the metadata may be, in the order in which they are asked; empty where the set's address is configured.</summary>
    public required IReadOnlyList<Uri> MetadataAddresses { get; init; }

    /// <summary>The configured address of the JWK Set; null where the metadata names it.</summary>
    public required Uri? JwksUri { get; init; }

    /// <summary>Bounds of the time for which keys are kept without asking again.</summary>
    public required (TimeSpan Least, TimeSpan Most) CacheAge { get; init; }

    /// <summary>How long keys are used while no new ones are to be had.</summary>
    public required TimeSpan MaxKeyAge { get; init; }

    /// <summary>How long one renewal may take, and a request wait for it.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Freezes options that have been validated.</summary>
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

    /// <summary>Whether keys may be fetched from an address that the metadata names: the authority's origin, or that of the configured metadata.</summary>
    public bool IsOfOrigin(Uri address) =>
        IsSameOrigin(address, new Uri(Issuer)) || MetadataAddresses.Any(metadata => IsSameOrigin(address, metadata));

    /// <summary>OpenID Connect Discovery 1.0 §4 puts the path behind the issuer's own, RFC 8414 §3.1 before it.</summary>
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
