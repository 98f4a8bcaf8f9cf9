using Countersign.Tokens;
using Countersign.Tokens.Settings;

namespace Countersign.Bearer;

/// <summary>
/// Whose tokens a resource server accepts, and how it keeps that issuer's keys. Bound from the section <see cref="SectionName"/> and the scheme's name
/// (<c>Authentication:Schemes:Countersign</c>), before the app's own delegate; checked when the host starts, all faults at once.
/// </summary>
public sealed class CountersignBearerOptions
{
    /// <summary>The configuration section that holds a section for each scheme: where the platform looks for the settings of schemes.</summary>
    public const string SectionName = "Authentication:Schemes";

    /// <summary>
    /// The issuer, required: an absolute URL without query and fragment, such as <c>https://auth.example.com</c>. A token's <c>iss</c> and the member
    /// <c>issuer</c> of the issuer's metadata must equal it character by character (RFC 8414 §3.3). http is taken on loopback and in Development only.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>
    /// The audience that a token must name in <c>aud</c>. Null by default: then it is <see cref="Authority"/>, which is the audience that Countersign writes
    /// unless another is configured there. No value switches the check off.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>
    /// Where the issuer's metadata is. Null by default: <c>/.well-known/openid-configuration</c> below the authority, and where there is none (404), the
    /// address of RFC 8414 §3.1. https, or http on loopback and in Development.
    /// </summary>
    public string? MetadataAddress { get; set; }

    /// <summary>
    /// Where the issuer's JWK Set is, of whatever origin; no metadata is read then. Null by default: the metadata's <c>jwks_uri</c>, which must be of the
    /// origin of the authority or of <see cref="MetadataAddress"/>. https, or http on loopback and in Development.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>
    /// The shortest time for which keys are kept without asking again, whatever the issuer's <c>Cache-Control</c> says: 10 seconds to 1 hour, 1 minute by
    /// default.
    /// </summary>
    public TimeSpan MinCacheAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The longest time for which keys are kept without asking again, hence the time within which a key that the issuer has removed stops verifying while
    /// the issuer can be reached: <see cref="MinCacheAge"/> to 24 hours, 1 hour by default. Without <c>max-age</c> it is 5 minutes, within both bounds.
    /// </summary>
    public TimeSpan MaxCacheAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the last good keys are used while the issuer can't be reached or answers with something that is refused: <see cref="MaxCacheAge"/> to 7 days,
    /// 24 hours by default. After it, requests with a token get 503 until the issuer is back.
    /// </summary>
    public TimeSpan MaxKeyAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long reading metadata and keys may take, both together, and how long a request waits for that: 100 milliseconds to 1 minute, 5 seconds by default.
    /// </summary>
    public TimeSpan BackchannelTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// What sends the requests to the issuer, for proxies, private certificate authorities and tests; the caller disposes of it. Null by default: a handler
    /// of this scheme's own, which follows no redirect, keeps no cookie and looks up the issuer's address anew every 5 minutes.
    /// </summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>
    /// How many verified tokens are remembered, so that the next request with the same token costs a look-up: 0 to 1,000,000, 10,000 by default. 0 verifies
    /// every token every time. Not used where the app has registered a <see cref="VerifiedTokenCache"/> of its own, which all schemes then share; 0 counts
    /// there too.
    /// </summary>
    public int VerifiedTokenEntries { get; set; } = VerifiedTokenCache.DefaultMaxEntries;

    /// <summary>How much memory remembered tokens may take, in bytes: 64 KiB to 1 GiB, 16 MiB by default.</summary>
    public int VerifiedTokenBytes { get; set; } = (int)VerifiedTokenCache.DefaultMaxBytes;

    /// <summary>Finds all faults.</summary>
    /// <param name="scheme">The scheme that has these options.</param>
    /// <param name="isDevelopment">Whether addresses may be plain http.</param>
    internal IReadOnlyList<SettingFault> Check(string scheme, bool isDevelopment)
    {
        var check = new SettingCheck($"{SectionName}:{scheme}");
        if (Authority is null)
        {
            check.Add(nameof(Authority), "is missing", "Set it to the issuer of the tokens, such as https://auth.example.com");
        }

        CheckAddress(check, nameof(Authority), Authority, mayHaveQuery: false, isDevelopment);
        CheckAddress(check, nameof(MetadataAddress), MetadataAddress, mayHaveQuery: true, isDevelopment);
        CheckAddress(check, nameof(JwksUri), JwksUri, mayHaveQuery: true, isDevelopment);
        if (MetadataAddress is not null && JwksUri is not null)
        {
            check.Add(nameof(MetadataAddress), "is set beside JwksUri, with which no metadata is read", "Leave one of them out.");
        }

        if (Audience is not null && string.IsNullOrWhiteSpace(Audience))
        {
            check.Add(nameof(Audience), "is blank", "Leave it out to use the authority, or name the audience that the tokens are issued for.");
        }

        check.Range(nameof(MinCacheAge), MinCacheAge, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        check.Range(nameof(MaxCacheAge), MaxCacheAge, MinCacheAge, TimeSpan.FromHours(24));
        check.Range(nameof(MaxKeyAge), MaxKeyAge, MaxCacheAge, TimeSpan.FromDays(7));
        check.Range(nameof(BackchannelTimeout), BackchannelTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        VerifiedTokenCache.Check(check, VerifiedTokenEntries, VerifiedTokenBytes);
        return check.Faults;
    }

    /// <summary>Keys that came over plain http may be anybody's on the way.</summary>
    private static void CheckAddress(SettingCheck check, string name, string? address, bool mayHaveQuery, bool isDevelopment)
    {
        if (address is null)
        {
            return;
        }

        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.UserInfo.Length != 0
            || address.Contains('#', StringComparison.Ordinal)
            || (!mayHaveQuery && address.Contains('?', StringComparison.Ordinal))
            || address.Any(char.IsWhiteSpace))
        {
            check.Add(name, $"is not an absolute https URL without {(mayHaveQuery ? "fragment" : "query and fragment")}", "Write one such as https://auth.example.com");
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !isDevelopment)
        {
            check.Add(name, "is plain http, over which anyone on the way can put in other keys", "Use https. http is taken on loopback and in Development.");
        }
    }
}
