using Countersign.Sessions.Accounts;
using Countersign.Sessions.Rotation;

namespace Countersign.Sessions.Writing;

/// <summary>What the writer decided of one refresh.</summary>
/// <param name="Decision">The line of the table.</param>
/// <param name="Session">The row as it stands after the decision; null if there is none.</param>
/// <param name="Account">What was known of the account, and what the access token that follows says of it; null if there is none.</param>
/// <param name="DecidedAt">The instant of the decision, the <c>iat</c> of the access token that follows from it.</param>
/// <param name="Epoch">The epoch of the access token that follows.</param>
internal readonly record struct RefreshOutcome(RotationDecision Decision, Session? Session, AccountFacts? Account, DateTimeOffset DecidedAt, long Epoch);
