using System.Collections.Frozen;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The refresh keys of this node. They are symmetric, never published, and apart from the keys of access tokens.</summary>
internal sealed class RefreshKeyRing
{
    private sealed record State(RotationKeys? Keys, FrozenDictionary<string, SigningKey> Signing);

    private State _state = new(null, FrozenDictionary<string, SigningKey>.Empty);

    /// <summary>The same keys, and those that were revoked, as the validator of refresh tokens sees them.</summary>
    public KeyRing Verification { get; } = new(KeySet.Empty);

    /// <summary>What rotation must know of the keys; null while this node has none that signs.</summary>
    public RotationKeys? Keys => Volatile.Read(ref _state).Keys;

    /// <summary>The key that new generations are written under.</summary>
    /// <exception cref="SessionsUnavailableException">No key has been loaded yet.</exception>
    public SigningKey Current => Volatile.Read(ref _state) is { Keys: { } keys } state
        ? state.Signing[keys.CurrentId]
        : throw new SessionsUnavailableException("The refresh keys are not loaded.");

    /// <summary>The key that a row names: a generation is always answered under the key that it was written under, so that its bytes stay the same.</summary>
    /// <returns>Null if this node does not have it, or may not sign with it.</returns>
    public SigningKey? Find(string keyId) => Volatile.Read(ref _state).Signing.GetValueOrDefault(keyId);

    /// <summary>Puts other keys in place of those that were there.</summary>
    /// <param name="current">The key for new generations; null where this node has none.</param>
    /// <param name="signing">All that a row may name, the current one among them.</param>
    /// <param name="revoked">What still verifies, and never signs again.</param>
    public void Replace(SigningKey? current, IReadOnlyCollection<SigningKey> signing, IEnumerable<VerificationKey> revoked)
    {
        Verification.Replace(new KeySet(current, [.. signing.Select(static key => key.VerificationKey), .. revoked]));
        var byId = signing.ToFrozenDictionary(static key => key.KeyId!, StringComparer.Ordinal);
        var keys = current is null ? null : new RotationKeys(current.KeyId!, byId.Keys.ToFrozenSet(StringComparer.Ordinal));
        Volatile.Write(ref _state, new State(keys, byId));
    }
}

/// <summary>What rotation must know of the refresh keys: which one new generations are written under, and which can be written under at all.</summary>
/// <param name="CurrentId">The key of new generations.</param>
/// <param name="SigningIds">
/// The keys that can sign, the current one among them. A session whose row names another (one that was revoked, or lost) goes over to the current key at its
/// next refresh.
/// </param>
internal sealed record RotationKeys(string CurrentId, FrozenSet<string> SigningIds)
{
    /// <summary>No keys: for a decision of which nothing but a session's end is written.</summary>
    public static RotationKeys None { get; } = new(string.Empty, FrozenSet<string>.Empty);
}
