using Countersign.Sessions.Time;
using Countersign.Tokens.Revocation;

namespace Countersign.Sessions.Writing;

/// <summary>
/// Ends the sessions of an account, or makes its access tokens stale. It needs neither keys nor the issuer, so code that changes accounts before the host has
/// started, such as a seeder, can use it.
/// </summary>
internal sealed class SessionInvalidation(SessionWriter writer, SessionClock clock)
{
    /// <inheritdoc cref="SessionService.RevokeUserAsync" />
    public Task<int> RevokeUserAsync(string userId, RevocationReason reason, CancellationToken cancellationToken) =>
        RevokeOthersAsync(userId, keptSessionId: null, reason, cancellationToken);

    /// <inheritdoc cref="SessionService.RevokeOthersAsync" />
    public Task<int> RevokeOthersAsync(string userId, Guid? keptSessionId, RevocationReason reason, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(
            new RevokeAllCommand(userId, reason, keptSessionId) { Arrival = clock.Now, ArrivalTimestamp = clock.Time.GetTimestamp() }, cancellationToken);

    /// <inheritdoc cref="SessionService.ClaimsChangedAsync" />
    public Task<int> ClaimsChangedAsync(string userId, CancellationToken cancellationToken) =>
        writer.ExecuteAsync(new ClaimsChangedCommand(userId) { Arrival = clock.Now, ArrivalTimestamp = clock.Time.GetTimestamp() }, cancellationToken);

    /// <inheritdoc cref="SessionService.AllClaimsChangedAsync" />
    public Task AllClaimsChangedAsync(CancellationToken cancellationToken) =>
        writer.ExecuteAsync(new AllClaimsChangedCommand { Arrival = clock.Now, ArrivalTimestamp = clock.Time.GetTimestamp() }, cancellationToken);
}
