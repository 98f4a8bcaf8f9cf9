using Countersign.Tokens.Keys;

namespace Countersign.Sessions.Keys;

/// <summary>The refresh keys of this node. They are symmetric, never published, and apart from the keys of access tokens.</summary>
internal sealed class RefreshKeyRing
{
    private sealed record State(SigningKey? Current, IReadOnlyDictionary<string, SigningKey> Keys);

    private State _state = new(null, new Dictionary<string, SigningKey>(StringComparer.Ordinal));

    /// <summary>The same keys, as the validator of refresh tokens sees them.</summary>
    public KeyRing Verification { get; } = new(KeySet.Empty);

    /// <summary>The key that new generations are written under.</summary>
    /// <exception cref="SessionsUnavailableException">No key has been loaded yet.</exception>
    public SigningKey Current => Volatile.Read(ref _state).Current ?? throw new SessionsUnavailableException("The refresh keys are not loaded yet.");

    /// <summary>The key that a row names: a generation is always answered under the key that it was written under, so that its bytes stay the same.</summary>
    /// <returns>Null if this node does not have it.</returns>
    public SigningKey? Find(string keyId) => Volatile.Read(ref _state).Keys.GetValueOrDefault(keyId);

    /// <summary>Puts other keys in place of those that were there.</summary>
    /// <param name="current">The key for new generations.</param>
    /// <param name="keys">All that still verify, the current one among them.</param>
    public void Replace(SigningKey current, IReadOnlyCollection<SigningKey> keys)
    {
        Verification.Replace(new KeySet(current, keys.Select(static key => key.VerificationKey)));
        Volatile.Write(ref _state, new State(current, keys.ToDictionary(static key => key.KeyId!, StringComparer.Ordinal)));
    }
}
