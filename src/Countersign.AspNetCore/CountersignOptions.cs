using Countersign.AspNetCore.Clients;
using Countersign.Passwords;
using Countersign.Sessions;
using Countersign.Sessions.Keys;
using Countersign.Tokens;
using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>
/// All settings of Countersign, as one tree. The properties have the names of the configuration section <c>Auth</c>: <c>options.Sessions.IdleLifetime</c> is
/// <c>Auth:Sessions:IdleLifetime</c>.
/// </summary>
/// <remarks>The configuration is applied first, then the code that was given to <c>AddCountersign</c>. The settings are read once, at the start.</remarks>
public abstract class CountersignOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    private const int MaxPrefixLength = 128;

    private protected CountersignOptions()
    {
    }

    /// <summary>
    /// The claim <c>iss</c>: an absolute http or https URL without query or fragment (RFC 8414 §2). Null by default: then the issuer is the bound address.
    /// That is allowed only in Development and on loopback.
    /// </summary>
    public string? Issuer
    {
        get => Tokens.Issuer;
        set => Tokens.Issuer = value;
    }

    /// <summary>
    /// The claim <c>aud</c> of access tokens. Null by default: then it is the issuer, except with a shared secret: then no audience is written or checked.
    /// </summary>
    public string? Audience
    {
        get => Tokens.Audience;
        set => Tokens.Audience = value;
    }

    /// <summary>The claim <c>client_id</c> of access tokens (RFC 9068 §2.2), <c>countersign</c> by default.</summary>
    public string ClientId
    {
        get => Tokens.ClientId;
        set => Tokens.ClientId = value;
    }

    /// <summary>
    /// The path under which the endpoints are mapped. It begins with a slash and ends without one. <c>/api/v1</c> by default; empty maps them at the root.
    /// </summary>
    public string ApiPrefix { get; set; } = "/api/v1";

    /// <summary>
    /// Who may create an account: <see cref="Registration.Closed"/>, the default in an app, or <see cref="Registration.Open"/>, the default of the server.
    /// </summary>
    public Registration Registration { get; set; }

    /// <summary>
    /// Confirms what signs the tokens. Null by default: then <see cref="SecretKey"/> decides, and the app does not start if the database was used in another
    /// mode. If this is set to the new mode, the start switches the database to it, and all earlier sessions end. A value that contradicts
    /// <see cref="SecretKey"/> is a fault.
    /// </summary>
    public SigningMode? Mode
    {
        get => Tokens.Mode;
        set => Tokens.Mode = value;
    }

    /// <summary>
    /// A secret shared with other services, at least 32 bytes of UTF-8. Every token is then signed with HS256 (<c>TokenPolicy.SharedSecret</c>). Null by
    /// default: then keys are created and kept in the database.
    /// </summary>
    public string? SecretKey
    {
        get => Tokens.SecretKey;
        set => Tokens.SecretKey = value;
    }

    /// <summary>The secret that <see cref="SecretKey"/> replaces. It verifies tokens, but never signs. Null if no secret is being replaced.</summary>
    public string? PreviousSecretKey
    {
        get => Tokens.PreviousSecretKey;
        set => Tokens.PreviousSecretKey = value;
    }

    /// <summary>
    /// Whether a weak <see cref="SecretKey"/> (<c>TokenPolicy.TryCheckSecret</c>) may be used; each start then logs a warning. False by default: then a weak
    /// secret stops the start in Production, unless the host of <see cref="Issuer"/> is <c>localhost</c> or a loopback address. A secret below 32 bytes is
    /// never used.
    /// </summary>
    public bool UnsafeWeakSecretKey
    {
        get => Tokens.UnsafeWeakSecretKey;
        set => Tokens.UnsafeWeakSecretKey = value;
    }

    /// <summary>
    /// The algorithm of new signing keys: <c>ES256</c> by default, or <c>ES384</c>, <c>ES512</c>, <c>RS256</c> to <c>RS512</c>, <c>PS256</c> to <c>PS512</c>.
    /// With <see cref="SecretKey"/> only <c>HS256</c> is allowed. Existing keys keep their algorithm.
    /// </summary>
    public string? Algorithm
    {
        get => Tokens.Algorithm;
        set => Tokens.Algorithm = value;
    }

    /// <summary>
    /// How many verified tokens are remembered: 0 to 1,000,000, 10,000 by default. The next request with a remembered token costs only a look-up. With 0 every
    /// request verifies its token. Expiry, revocation and the removal of a key are always checked. If the app has registered a
    /// <see cref="VerifiedTokenCache"/>, that cache is used instead, with its own bounds, unless this is 0.
    /// </summary>
    public int VerifiedTokenEntries
    {
        get => Tokens.VerifiedTokenEntries;
        set => Tokens.VerifiedTokenEntries = value;
    }

    /// <summary>How much memory the remembered tokens may take, in bytes: 64 KiB to 1 GiB, 16 MiB by default.</summary>
    public int VerifiedTokenBytes
    {
        get => Tokens.VerifiedTokenBytes;
        set => Tokens.VerifiedTokenBytes = value;
    }

    /// <summary>
    /// The key that encrypts the keys in the database: 32 random bytes in base64. Required unless <see cref="SecretKey"/> is set. In Development the first
    /// start creates one.
    /// </summary>
    public string? MasterKey
    {
        get => MasterKeys.MasterKey;
        set => MasterKeys.MasterKey = value;
    }

    /// <summary>The master key that <see cref="MasterKey"/> replaces. It decrypts, but never encrypts. Null if no key is being replaced.</summary>
    public string? PreviousMasterKey
    {
        get => MasterKeys.PreviousMasterKey;
        set => MasterKeys.PreviousMasterKey = value;
    }

    /// <summary>
    /// The paths on which <c>?access_token=</c> is accepted, such as <c>/hubs/chat</c>, with the paths below them. Browsers can't send a header with a
    /// WebSocket, so SignalR's client puts the token there. Empty by default: then a token in the query is refused everywhere. A token in the header has
    /// precedence. The platform logs the addresses of requests at the level Information: keep the category <c>Microsoft.AspNetCore.Hosting.Diagnostics</c>
    /// above it.
    /// </summary>
    public IList<string> QueryTokenPaths { get; } = [];

    /// <summary>Which routes <c>MapCountersign()</c> maps.</summary>
    public CountersignRouteOptions Routes { get; } = new();

    /// <summary>When signing keys are replaced.</summary>
    public CountersignKeyRotationOptions Keys { get; } = new();

    /// <summary>How long sessions last, and how many an account may have.</summary>
    public CountersignSessionOptions Sessions { get; } = new();

    /// <summary>What happens if a refresh token is sent again.</summary>
    public CountersignRefreshOptions Refresh { get; } = new();

    /// <summary>Which data of an account its access tokens carry.</summary>
    public CountersignClaimOptions Claims { get; } = new();

    /// <summary>How long rows stay in the database.</summary>
    public CountersignCleanupOptions Cleanup { get; } = new();

    /// <summary>How many wrong passwords an account accepts before it is blocked.</summary>
    public CountersignLockoutOptions Lockout { get; } = new();

    /// <summary>How many requests a network may send in a minute.</summary>
    public CountersignNetworkLimitOptions Limits { get; } = new();

    /// <summary>How mails of accounts are sent, and where their links lead.</summary>
    public CountersignMailOptions Mail { get; } = new();

    /// <summary>How passwords are hashed.</summary>
    public PasswordEngineOptions Passwords { get; } = new();

    /// <summary>Which new passwords are accepted.</summary>
    public PasswordRuleOptions PasswordRules { get; } = new();

    /// <summary>The confidential clients (RFC 6749 §2.1): services that may introspect tokens (RFC 7662) and revoke them (RFC 7009). None by default.</summary>
    public IList<CountersignClientOptions> Clients => ConfidentialClients.Clients;

    /// <summary>Whether <see cref="UseAsDefaultScheme"/> was called.</summary>
    internal bool IsDefaultScheme { get; private set; }

    internal CountersignTokenOptions Tokens { get; } = new();

    internal KeyOptions MasterKeys { get; } = new();

    internal ClientOptions ConfidentialClients { get; } = new();

    /// <summary>What accounts need, without the app's user type.</summary>
    internal abstract CountersignUserOptions UserOptions { get; }

    /// <summary>
    /// Makes Countersign's scheme the app's default for authentication, challenge and refusal, even if the app has chosen another one: <c>[Authorize]</c>
    /// accepts Countersign's tokens. A request without one of them is answered by the app's former default, as before: Identity's cookie and Identity's opaque
    /// bearer tokens go on working.
    /// </summary>
    /// <remarks>It is not needed where the app has chosen no default. The app's default for signing in and out stays.</remarks>
    public void UseAsDefaultScheme() => IsDefaultScheme = true;

    /// <summary>Returns the type's name, because the options hold secrets.</summary>
    public override string ToString() => nameof(CountersignOptions);

    /// <summary>Finds the faults of the settings at the top of the tree, which no other class checks.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        if (ApiPrefix is not { Length: <= MaxPrefixLength } || (ApiPrefix.Length > 0 && !IsPrefix(ApiPrefix)))
        {
            check.Add(
                nameof(ApiPrefix),
                $"is \"{ApiPrefix}\", which is not a path",
                "Begin it with a slash and end it without one, such as /api/v1. Segments may have letters, digits and . _ ~ - and must not be . or ..");
        }

        check.Choice(nameof(Registration), Registration);
        Bearer.QueryTokenPaths.Check(check, nameof(QueryTokenPaths), QueryTokenPaths, reserved: ApiPrefix);
        return check.Faults;
    }

    /// <summary>
    /// Allows the unreserved characters of RFC 3986 §2.3: no segment needs escaping, and none can be a route parameter. Clients resolve "." and ".." before
    /// they send a path, so routes under these segments would never be reached.
    /// </summary>
    private static bool IsPrefix(string prefix) =>
        prefix[0] == '/'
        && prefix[1..].Split('/').All(static segment => segment.Length > 0
            && segment is not ("." or "..")
            && segment.All(static character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_' or '.' or '~'));
}
