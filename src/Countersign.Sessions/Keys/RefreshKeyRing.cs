using System.Collections.Frozen;
using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The refresh keys of this node. They are symmetric, are never published, and are separate from the keys of access tokens.</summary>
internal sealed class RefreshKeyRing
{
    private sealed record State(RotationKeys? Keys, FrozenDictionary<string, SigningKey> Signing);

    private State _state = new(null, FrozenDictionary<string, SigningKey>.Empty);

    /// <summary>The same keys and the revoked keys, for the validator of refresh tokens.</summary>
    public KeyRing Verification { get; } = new(KeySet.Empty);

    /// <summary>The facts about the keys that rotation needs; null if this node has no key that signs.</summary>
    public RotationKeys? Keys => Volatile.Read(ref _state).Keys;

    /// <summary>The key for new generations.</summary>
    /// <exception cref="SessionsUnavailableException">No key has been loaded yet.</exception>
    public SigningKey Current => Volatile.Read(ref _state) is { Keys: { } keys } state
        ? state.Signing[keys.CurrentId]
        : throw new SessionsUnavailableException("The refresh keys are not loaded.");

    /// <summary>Finds the key that a row names. A generation is always answered under its original key, so that its bytes stay the same.</summary>
    /// <returns>Null if this node does not have the key, or must not sign with it.</returns>
    public SigningKey? Find(string keyId) => Volatile.Read(ref _state).Signing.GetValueOrDefault(keyId);

    /// <summary>Replaces all keys.</summary>
    /// <param name="current">The key for new generations; null if this node has none.</param>
    /// <param name="signing">All keys that a row may name, including the current one.</param>
    /// <param name="revoked">Revoked keys, which still verify and never sign again.</param>
    public void Replace(SigningKey? current, IReadOnlyCollection<SigningKey> signing, IEnumerable<VerificationKey> revoked)
    {
        Verification.Replace(new KeySet(current, [.. signing.Select(static key => key.VerificationKey), .. revoked]));
        var byId = signing.ToFrozenDictionary(static key => key.KeyId!, StringComparer.Ordinal);
        var keys = current is null ? null : new RotationKeys(current.KeyId!, byId.Keys.ToFrozenSet(StringComparer.Ordinal));
        Volatile.Write(ref _state, new State(keys, byId));
    }
}

/// <summary>The facts about the refresh keys that rotation needs: the key for new generations, and all keys that can sign.</summary>
/// <param name="CurrentId">The key for new generations.</param>
/// <param name="SigningIds">
/// The keys that can sign, including the current one. If a session's row names another key, which was revoked or lost, the session moves to the current key at
/// its next refresh.
/// </param>
internal sealed record RotationKeys(string CurrentId, FrozenSet<string> SigningIds)
{
    /// <summary>No keys, for a decision that only ends a session.</summary>
    public static RotationKeys None { get; } = new(string.Empty, FrozenSet<string>.Empty);
}
