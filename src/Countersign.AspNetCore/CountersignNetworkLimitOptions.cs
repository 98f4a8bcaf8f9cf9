using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>
/// What one network may ask for in a minute, counted by each node for itself and in memory. A network is an IPv4 address or a /64 of IPv6; all networks of one
/// IPv6 /56 may ask four times as much together, those of one /48 sixteen times.
/// </summary>
/// <remarks>
/// Beyond a limit the answer is 429 with <c>Retry-After</c>, and nothing was looked at. Requests whose address is not known, such as those of a Unix socket,
/// count as one network. Behind a proxy everybody has the proxy's address until the app says whose forwarded headers it trusts.
/// </remarks>
public sealed class CountersignNetworkLimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Limits";

    /// <summary>Password checks a minute, right or wrong: at login, at a change of the password, at a deletion. 1 to 100,000, 100 by default.</summary>
    public int SignInsPerNetworkPerMinute { get; set; } = 100;

    /// <summary>
    /// Sign-ups a minute, whether they succeed or not: each costs a hash. 1 to 100,000, 20 by default: a classroom behind one address, and no more.
    /// </summary>
    public int RegistrationsPerNetworkPerMinute { get; set; } = 20;

    /// <summary>
    /// Refresh tokens a minute that are verified, good or bad: at the refresh, at the token endpoint, at a logout by refresh token, and at a revocation by the
    /// public client. 1 to 10,000,000, 600 by default: an office of some thousand clients that refresh every half hour, several times over.
    /// </summary>
    public int RefreshesPerNetworkPerMinute { get; set; } = 600;

    /// <summary>
    /// Wrong secrets a minute for one client from one network, at introspection and revocation: beyond, no secret of that client is compared from there. Ids
    /// that no client has are counted together, as one more client. 1 to 100,000, 30 by default: a service with an outdated secret is found out long before,
    /// and a guess in two seconds finds nothing.
    /// </summary>
    public int ClientFailuresPerNetworkPerMinute { get; set; } = 30;

    /// <summary>
    /// Wrong secrets a minute for one client, from all networks together: beyond, networks that have failed for it within the last minute are refused for it.
    /// A right secret from another network is always compared. 1 to 100,000, 100 by default.
    /// </summary>
    public int ClientFailuresPerClientPerMinute { get; set; } = 100;

    /// <summary>
    /// Changes of the own profile, and lists and ends of own sessions, a minute for one session: each costs a query or a write. 1 to 100,000, 120 by default:
    /// a person who ends 50 sessions one by one, twice over.
    /// </summary>
    public int AccountRequestsPerSessionPerMinute { get; set; } = 120;

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(SignInsPerNetworkPerMinute), SignInsPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(RegistrationsPerNetworkPerMinute), RegistrationsPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(RefreshesPerNetworkPerMinute), RefreshesPerNetworkPerMinute, 1, 10_000_000);
        check.Range(nameof(ClientFailuresPerNetworkPerMinute), ClientFailuresPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(ClientFailuresPerClientPerMinute), ClientFailuresPerClientPerMinute, 1, 100_000);
        check.Range(nameof(AccountRequestsPerSessionPerMinute), AccountRequestsPerSessionPerMinute, 1, 100_000);
        return check.Faults;
    }
}
