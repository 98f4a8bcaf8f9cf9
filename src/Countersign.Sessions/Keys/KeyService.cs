namespace Countersign.Sessions.Keys;

/// <summary>
/// Lists the keys in the database, and changes them on an operator's request: rotation ahead of schedule, revocation, a change of the master key. Scheduled
/// rotation needs no call.
/// </summary>
/// <remarks>
/// Each change is one transaction. If several callers try at once, one succeeds. This node uses the new keys before the method returns, and other nodes use
/// them within a second.
/// </remarks>
public sealed class KeyService
{
    private readonly IKeyStore _store;
    private readonly StoredKeySource? _source;
    private readonly KeyWrapper? _wrapper;

    /// <param name="store">Where the keys are.</param>
    /// <param name="source">Null with a shared secret, because its keys are not in the database.</param>
    /// <param name="wrapper">Null with a shared secret.</param>
    internal KeyService(IKeyStore store, StoredKeySource? source, KeyWrapper? wrapper)
    {
        _store = store;
        _source = source;
        _wrapper = wrapper;
    }

    /// <summary>Whether a shared secret signs. Then the keys in the database are not used, and nothing can be changed.</summary>
    public bool IsSharedSecret => _source is null;

    /// <summary>
    /// Lists the keys, signing keys first, in the order in which they sign. Keys that can't be decrypted are included. Nothing in the list is secret.
    /// </summary>
    public async Task<IReadOnlyList<KeyDescription>> ListAsync(CancellationToken cancellationToken = default)
    {
        var stored = await _store.LoadAsync(cancellationToken).ConfigureAwait(false);
        return [.. stored.Keys
            .OrderBy(static row => row.Use)
            .ThenBy(static row => row.State)
            .ThenBy(static row => row.CreatedAt)
            .Select(row => new KeyDescription(row, _wrapper?.FindEncryption(row) ?? KeyEncryption.Unreadable))];
    }

    /// <summary>Replaces the current key with the next key. Tokens that the current key has signed stay valid.</summary>
    /// <param name="use">Which keys.</param>
    /// <param name="force">
    /// Whether to rotate even if the next key was not published for the required time. Services that have not read it yet refuse new access tokens.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="use"/> is not a member of the enum.</exception>
    /// <exception cref="InvalidOperationException">The keys can't be decrypted with the configured master key.</exception>
    public async Task<KeyChangeResult> RotateAsync(KeyUse use, bool force = false, CancellationToken cancellationToken = default)
    {
        if (!Enum.IsDefined(use))
        {
            throw new ArgumentOutOfRangeException(nameof(use), use, "Not a member of KeyUse.");
        }

        if (_source is null)
        {
            return new KeyChangeResult { Error = KeyChangeError.SharedSecret };
        }

        // Makes missing keys first, so that there is a next key.
        await _source.LoadAsync(cancellationToken).ConfigureAwait(false);
        return await _source.ChangeAsync(plan => (plan.Rotate(use, force, out var result), result), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Revokes a key. Access tokens that it signed are refused at once. Nobody is logged out: refresh tokens that it signed are replaced under the current key
    /// at their next use. If it was the current key, the next key replaces it at once, even if that key is too young. If it was the next key, a new one is
    /// made.
    /// </summary>
    /// <param name="keyId">The key's id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<KeyChangeResult> RevokeAsync(string keyId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(keyId);
        return _source is null
            ? new KeyChangeResult { Error = KeyChangeError.SharedSecret }
            : await _source.ChangeAsync(plan => (plan.Revoke(keyId, out var result), result), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Revokes every key that can't be decrypted, after the master key was lost. New keys replace them. Everyone who was logged in must log in again.
    /// </summary>
    /// <returns>The ids of the revoked keys.</returns>
    /// <exception cref="InvalidOperationException">A shared secret is configured.</exception>
    public async Task<IReadOnlyList<string>> RevokeUnreadableAsync(CancellationToken cancellationToken = default)
    {
        var source = _source ?? throw new InvalidOperationException("A shared secret is configured, so the keys in the database are not used.");
        List<string> revoked = [];
        foreach (var key in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (key.Encryption == KeyEncryption.Unreadable
                && key.State != KeyState.Revoked
                && (await RevokeAsync(key.KeyId, cancellationToken).ConfigureAwait(false)).Succeeded)
            {
                revoked.Add(key.KeyId);
            }
        }

        if (revoked.Count > 0)
        {
            await source.LoadAsync(cancellationToken).ConfigureAwait(false);
        }

        return revoked;
    }

    /// <summary>
    /// Encrypts all keys that are under <see cref="KeyOptions.PreviousMasterKey"/> again under <see cref="KeyOptions.MasterKey"/>. After that the previous
    /// master key is not needed. Every node must have the new master key first.
    /// </summary>
    /// <returns>The number of these keys.</returns>
    /// <exception cref="InvalidOperationException">A shared secret is configured.</exception>
    public Task<int> RewrapAsync(CancellationToken cancellationToken = default)
    {
        var (source, wrapper) = _source is not null && _wrapper is not null
            ? (_source, _wrapper)
            : throw new InvalidOperationException("A shared secret is configured, so the keys in the database are not used.");
        return source.ChangeAsync(
            plan =>
            {
                var changes = plan.Rewrap(wrapper.TryReencrypt);
                return (changes, changes.Saved.Count);
            },
            cancellationToken);
    }
}
