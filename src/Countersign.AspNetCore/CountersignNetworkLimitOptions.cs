using Countersign.Tokens.Settings;

namespace Countersign.AspNetCore;

/// <summary>
/// How many requests one network may send in a minute. Each node counts in its own memory. A network is an IPv4 address or a /64 of IPv6. All networks of one
/// IPv6 /56 together may send four times as many, those of one /48 sixteen times.
/// </summary>
/// <remarks>
/// A request above a limit gets 429 with <c>Retry-After</c>, and nothing in it is checked. Requests without a known address, such as those of a Unix socket,
/// count as one network. Behind a proxy every request has the proxy's address, until the app configures which proxies' forwarded headers it trusts.
/// </remarks>
public sealed class CountersignNetworkLimitOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Limits";

    /// <summary>
    /// Password checks a minute, right or wrong: at login, at a change or a reset of the password, at the confirmation of an
    /// address, and at the deletion of an account. 1 to 100,000, 100 by default.
    /// </summary>
    public int SignInsPerNetworkPerMinute { get; set; } = 100;

    /// <summary>
    /// Sign-ups a minute, successful or not, because each costs a hash. 1 to 100,000, 20 by default: enough for a classroom behind one address.
    /// </summary>
    public int RegistrationsPerNetworkPerMinute { get; set; } = 20;

    /// <summary>
    /// Refresh tokens a minute that are verified, good or bad: at the refresh, at the token endpoint, at a logout by refresh token, and at a revocation by the
    /// public client. 1 to 10,000,000, 600 by default: several times what an office of some thousand clients needs if each refreshes every half hour.
    /// </summary>
    public int RefreshesPerNetworkPerMinute { get; set; } = 600;

    /// <summary>
    /// Wrong secrets a minute for one client from one network, at introspection and revocation. Above it, no secret of that client is compared from that
    /// network. Unknown client ids are counted together, as one more client. 1 to 100,000, 30 by default: a service with an outdated secret is noticed long
    /// before, and a guess every two seconds finds nothing.
    /// </summary>
    public int ClientFailuresPerNetworkPerMinute { get; set; } = 30;

    /// <summary>
    /// Wrong secrets a minute for one client from all networks together. Above it, a network that has sent a wrong secret for this client within the last
    /// minute is refused for this client. A right secret from another network is always compared. 1 to 100,000, 100 by default.
    /// </summary>
    public int ClientFailuresPerClientPerMinute { get; set; } = 100;

    /// <summary>
    /// Requests a minute for a mail that a stranger can ask for: a new password, or the confirmation of an address. 1 to 100,000, 10 by default.
    /// </summary>
    public int MailsPerNetworkPerMinute { get; set; } = 10;

    /// <summary>
    /// Requests a minute with which one session changes its account's profile, or lists or ends the account's sessions; each costs a query or a write. 1 to
    /// 100,000, 120 by default: a person can end 50 sessions one by one, and do that twice.
    /// </summary>
    public int AccountRequestsPerSessionPerMinute { get; set; } = 120;

    internal IReadOnlyList<SettingFault> Check()
    {
        var check = new SettingCheck(SectionName);
        check.Range(nameof(SignInsPerNetworkPerMinute), SignInsPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(RegistrationsPerNetworkPerMinute), RegistrationsPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(RefreshesPerNetworkPerMinute), RefreshesPerNetworkPerMinute, 1, 10_000_000);
        check.Range(nameof(ClientFailuresPerNetworkPerMinute), ClientFailuresPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(ClientFailuresPerClientPerMinute), ClientFailuresPerClientPerMinute, 1, 100_000);
        check.Range(nameof(MailsPerNetworkPerMinute), MailsPerNetworkPerMinute, 1, 100_000);
        check.Range(nameof(AccountRequestsPerSessionPerMinute), AccountRequestsPerSessionPerMinute, 1, 100_000);
        return check.Faults;
    }
}
