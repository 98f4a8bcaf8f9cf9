using Countersign.Tokens;
using Countersign.Tokens.Settings;

namespace Countersign.Bearer;

/// <summary>
/// Which issuer's tokens a resource server accepts, and how it fetches that issuer's keys. The options are bound from the section <see cref="SectionName"/> and
/// the scheme's name (<c>Authentication:Schemes:Countersign</c>), before the app's own delegate runs. They are checked when the host starts, and all faults are
/// reported at once.
/// </summary>
public sealed class CountersignBearerOptions
{
    /// <summary>The configuration section that contains a section for each scheme. The platform reads the settings of schemes there.</summary>
    public const string SectionName = "Authentication:Schemes";

    /// <summary>
    /// The issuer, required: an absolute URL without query and fragment, such as <c>https://auth.example.com</c>. A token's <c>iss</c> and the member
    /// <c>issuer</c> of the issuer's metadata must equal it character by character (RFC 8414 §3.3). http is allowed only on loopback and in Development.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>
    /// The audience that a token must name in <c>aud</c>. Null, the default: the value of <see cref="Authority"/>, which Countersign uses as the audience
    /// unless another one is configured there. The check can't be switched off.
    /// </summary>
    public string? Audience { get; set; }

    /// <summary>
    /// The address of the issuer's metadata. Null, the default: <c>/.well-known/openid-configuration</c> below the authority, and if that does not exist (404),
    /// the address of RFC 8414 §3.1. https, or http on loopback and in Development.
    /// </summary>
    public string? MetadataAddress { get; set; }

    /// <summary>
    /// The address of the issuer's JWK Set; any origin is allowed. Then no metadata is read. Null, the default: the metadata's <c>jwks_uri</c>, which must have
    /// the origin of the authority or of <see cref="MetadataAddress"/>. https, or http on loopback and in Development.
    /// </summary>
    public string? JwksUri { get; set; }

    /// <summary>
    /// The shortest time for which keys are kept without a new request, even if the issuer's <c>Cache-Control</c> asks for less: 10 seconds to 1 hour, 1 minute
    /// by default.
    /// </summary>
    public TimeSpan MinCacheAge { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// The longest time for which keys are kept without a new request: <see cref="MinCacheAge"/> to 24 hours, 1 hour by default. A key that the issuer has
    /// removed stops verifying within this time, while the issuer can be reached. If the answer has no <c>max-age</c>, keys are kept for 5 minutes, within both
    /// bounds.
    /// </summary>
    public TimeSpan MaxCacheAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How long the last good keys are used while the issuer can't be reached or its answers are refused: <see cref="MaxCacheAge"/> to 7 days, 24 hours by
    /// default. After that, requests with a token get 503 until the issuer answers again.
    /// </summary>
    public TimeSpan MaxKeyAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a read of metadata and keys together may take, and how long a request waits for it: 100 milliseconds to 1 minute, 5 seconds by default.
    /// </summary>
    public TimeSpan BackchannelTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The handler that sends requests to the issuer, for proxies, private certificate authorities and tests. The caller disposes it. Null, the default: the
    /// scheme makes a handler that follows no redirect, keeps no cookie and resolves the issuer's host name again every 5 minutes.
    /// </summary>
    public HttpMessageHandler? BackchannelHttpHandler { get; set; }

    /// <summary>
    /// How many verified tokens are remembered: 0 to 1,000,000, 10,000 by default. The next request with a remembered token needs only a look-up. 0 verifies
    /// every token each time. If the app has registered its own <see cref="VerifiedTokenCache"/>, all schemes share that one and this number is not used; 0
    /// still switches remembering off.
    /// </summary>
    public int VerifiedTokenEntries { get; set; } = VerifiedTokenCache.DefaultMaxEntries;

    /// <summary>How much memory the remembered tokens may take, in bytes: 64 KiB to 1 GiB, 16 MiB by default.</summary>
    public int VerifiedTokenBytes { get; set; } = (int)VerifiedTokenCache.DefaultMaxBytes;

    /// <summary>
    /// The paths on which <c>?access_token=</c> is accepted, such as <c>/hubs/chat</c>, with the paths below them. Browsers can't send a header with a
    /// WebSocket, so SignalR's client puts the token there. Empty by default: then a token in the query is refused everywhere. A token in the header has
    /// precedence. The platform logs the addresses of requests at the level Information: keep the category <c>Microsoft.AspNetCore.Hosting.Diagnostics</c>
    /// above it.
    /// </summary>
    public IList<string> QueryTokenPaths { get; } = [];

    /// <summary>Whether <see cref="UseAsDefaultScheme"/> was called.</summary>
    internal bool IsDefaultScheme { get; private set; }

    /// <summary>
    /// Makes the scheme the app's default for authentication, challenge and refusal, even if the app has chosen another default: <c>[Authorize]</c> accepts its
    /// tokens. A request without one of its tokens is answered by the app's former default, as before.
    /// </summary>
    /// <remarks>Call it for one scheme of an app: two are a fault at start. The app's default for signing in and out stays.</remarks>
    public void UseAsDefaultScheme() => IsDefaultScheme = true;

    /// <summary>Finds all faults.</summary>
    /// <param name="scheme">The scheme to which the options belong.</param>
    /// <param name="isDevelopment">Whether plain http is allowed.</param>
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
            check.Add(nameof(MetadataAddress), "is set beside JwksUri, and then no metadata is read", "Remove one of them.");
        }

        if (Audience is not null && string.IsNullOrWhiteSpace(Audience))
        {
            check.Add(nameof(Audience), "is blank", "Name the audience of the tokens, or remove the setting; then the audience is the authority.");
        }

        check.Range(nameof(MinCacheAge), MinCacheAge, TimeSpan.FromSeconds(10), TimeSpan.FromHours(1));
        check.Range(nameof(MaxCacheAge), MaxCacheAge, MinCacheAge, TimeSpan.FromHours(24));
        check.Range(nameof(MaxKeyAge), MaxKeyAge, MaxCacheAge, TimeSpan.FromDays(7));
        check.Range(nameof(BackchannelTimeout), BackchannelTimeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1));
        Bearer.QueryTokenPaths.Check(check, nameof(QueryTokenPaths), QueryTokenPaths);
        VerifiedTokenCache.Check(check, VerifiedTokenEntries, VerifiedTokenBytes);
        return check.Faults;
    }

    /// <summary>Somebody on the network can replace keys that are fetched over plain http.</summary>
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
            check.Add(
                name,
                $"is not an absolute https URL without {(mayHaveQuery ? "fragment" : "query and fragment")}",
                "Write a URL such as https://auth.example.com");
        }
        else if (uri.Scheme == Uri.UriSchemeHttp && !uri.IsLoopback && !isDevelopment)
        {
            check.Add(name, "is plain http, so anyone on the network could replace the keys", "Use https. http is allowed on loopback and in Development.");
        }
    }
}
