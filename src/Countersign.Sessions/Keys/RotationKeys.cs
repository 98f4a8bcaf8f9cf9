using System.Collections.Frozen;

namespace Countersign.Sessions.Keys;

/// <summary>What rotation must know of the refresh keys: which one new generations are written under, and which can be written under at all.</summary>
/// <param name="CurrentId">The key of new generations.</param>
/// <param name="SigningIds">
/// The keys that can sign, the current one among them. A session whose row names another (one that was revoked, or lost) goes over to the current key at its next
/// refresh.
/// </param>
internal sealed record RotationKeys(string CurrentId, FrozenSet<string> SigningIds)
{
    /// <summary>No keys: for a decision of which nothing but a session's end is written.</summary>
    public static RotationKeys None { get; } = new(string.Empty, FrozenSet<string>.Empty);
}
