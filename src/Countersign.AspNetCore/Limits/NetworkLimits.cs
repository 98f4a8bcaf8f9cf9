using Countersign.Sessions.Time;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Limits;

/// <summary>
/// The limits of one network at this node in a minute. Each kind of work is counted separately: password guesses from an address do not stop other users
/// behind it from refreshing.
/// </summary>
/// <remarks>
/// A limit is checked after the request was parsed, and before anything is computed, looked up or verified for it. So a refusal has changed nothing and says
/// nothing about an account or a token. Requests of another network count only if both are in one IPv6 /56 or /48: four busy /64s use up their /56, and
/// sixteen their /48 (<see cref="NetworkLimit.SiteFactor"/>). No other network can use up a network's limit.
/// </remarks>
internal sealed class NetworkLimits(IOptions<CountersignNetworkLimitOptions> limits, SessionClock clock)
{
    /// <summary>Password checks: logins, and changes that require the current password.</summary>
    public NetworkLimit PasswordChecks { get; } = new(limits.Value.SignInsPerNetworkPerMinute, clock.Time);

    public NetworkLimit Registrations { get; } = new(limits.Value.RegistrationsPerNetworkPerMinute, clock.Time);

    /// <summary>Refresh tokens that are verified, for a refresh or for a logout. A revocation without a secret counts as a logout.</summary>
    public NetworkLimit Refreshes { get; } = new(limits.Value.RefreshesPerNetworkPerMinute, clock.Time);

    /// <summary>Requests that send mail.</summary>
    public NetworkLimit Mails { get; } = new(limits.Value.MailsPerNetworkPerMinute, clock.Time);

    /// <summary>Requests of an account about itself, by session: see <see cref="CountersignNetworkLimitOptions.AccountRequestsPerSessionPerMinute"/>.</summary>
    public NetworkLimit AccountRequests { get; } = new(limits.Value.AccountRequestsPerSessionPerMinute, clock.Time);
}
