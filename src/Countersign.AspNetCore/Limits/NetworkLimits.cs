using Countersign.Sessions.Time;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Limits;

/// <summary>
/// What one network may ask of this node in a minute, each kind of work counted apart: password guesses from an address do not keep others behind it from
/// refreshing.
/// </summary>
/// <remarks>
/// The limits are asked once a request was understood and before anything is computed, looked up or verified for it, so that a refusal has touched nothing and
/// says nothing about an account or a token. What another network does counts only where both lie in one IPv6 /56 or /48: four busy /64s
/// refuse the rest of their /56, and sixteen the rest of their /48 (<see cref="NetworkLimit.SiteFactor"/>). No other stranger can use up a network's limit.
/// </remarks>
internal sealed class NetworkLimits(IOptions<CountersignNetworkLimitOptions> limits, SessionClock clock)
{
    /// <summary>Password checks: logins, and the changes that ask for the current password.</summary>
    public NetworkLimit PasswordChecks { get; } = new(limits.Value.SignInsPerNetworkPerMinute, clock.Time);

    /// <summary>Sign-ups.</summary>
    public NetworkLimit Registrations { get; } = new(limits.Value.RegistrationsPerNetworkPerMinute, clock.Time);

    /// <summary>Refresh tokens that are verified, for a refresh or for a logout, which a revocation without a secret is too.</summary>
    public NetworkLimit Refreshes { get; } = new(limits.Value.RefreshesPerNetworkPerMinute, clock.Time);

    /// <summary>What an account asks about itself, by session: see <see cref="CountersignNetworkLimitOptions.AccountRequestsPerSessionPerMinute"/>.</summary>
    public NetworkLimit AccountRequests { get; } = new(limits.Value.AccountRequestsPerSessionPerMinute, clock.Time);
}
