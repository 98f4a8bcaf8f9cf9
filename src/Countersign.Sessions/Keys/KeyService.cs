namespace Countersign.Sessions.Keys;

/// <summary>
/// Looks at the keys in the database and changes them by hand: rotation before its time, revocation, a change of master key. Ordinary rotation needs nobody.
/// </summary>
/// <remarks>
/// Every change is one transaction that of many callers one wins. This node goes over to it before the method returns, every other within a second.
/// </remarks>
public sealed class KeyService
{
    private readonly IKeyStore _store;
    private readonly StoredKeySource? _source;
    private readonly KeyWrapper? _wrapper;

    /// <param name="store">Where the keys are.</param>
    /// <param name="source">Null under a shared secret, whose keys are not in the database.</param>
    /// <param name="wrapper">Null likewise.</param>
    internal KeyService(IKeyStore store, StoredKeySource? source, KeyWrapper? wrapper)
    {
        _store = store;
        _source = source;
        _wrapper = wrapper;
    }

    /// <summary>Whether a shared secret signs: the keys in the database, if there are any, are not used then, and nothing can be changed.</summary>
    public bool IsSharedSecret => _source is null;

    /// <summary>Lists the keys, signing keys first, in the order in which they sign; also those that can't be decrypted. Nothing of it is secret.</summary>
    public async Task<IReadOnlyList<KeyDescription>> ListAsync(CancellationToken cancellationToken = default)
    {
        var stored = await _store.LoadAsync(cancellationToken).ConfigureAwait(false);
        return [.. stored.Keys
            .OrderBy(static row => row.Use)
            .ThenBy(static row => row.State)
            .ThenBy(static row => row.CreatedAt)
            .Select(row => new KeyDescription(row, _wrapper?.FindEncryption(row) ?? KeyEncryption.Unreadable))];
    }

    /// <summary>Puts the next key in the place of the current one. What the current one has signed stays good.</summary>
    /// <param name="use">Which keys.</param>
    /// <param name="force">
    /// Whether to do so although the next key has not been published for as long as it should: services that have not read it yet will refuse new access
    /// tokens.
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

        // Makes what is missing, so that there is something to rotate.
        await _source.LoadAsync(cancellationToken).ConfigureAwait(false);
        return await _source.ChangeAsync(plan => (plan.Rotate(use, force, out var result), result), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Takes a key back. Access tokens that it signed are refused at once; refresh tokens that it signed go over to the current key at their next use, so that
    /// nobody is logged out. The next key takes the place of a current one at once, however young, and another that of a next one.
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
    /// Takes back every key that can't be decrypted, after the master key was lost. New ones are made in their place, and whoever was logged in has to log in
    /// again.
    /// </summary>
    /// <returns>The keys that were revoked.</returns>
    /// <exception cref="InvalidOperationException">A shared secret is configured.</exception>
    public async Task<IReadOnlyList<string>> RevokeUnreadableAsync(CancellationToken cancellationToken = default)
    {
        var source = _source ?? throw new InvalidOperationException("A shared secret is configured: the keys in the database are not used.");
        List<string> revoked = [];
        foreach (var key in await ListAsync(cancellationToken).ConfigureAwait(false))
        {
            if (key.Encryption == KeyEncryption.Unreadable && key.State != KeyState.Revoked && (await RevokeAsync(key.KeyId, cancellationToken).ConfigureAwait(false)).Succeeded)
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
    /// Encrypts anew, under <see cref="KeyOptions.MasterKey"/>, the keys that are still under <see cref="KeyOptions.PreviousMasterKey"/>, which is not needed
    /// any more then. Every node must have the new master key before.
    /// </summary>
    /// <returns>How many there were.</returns>
    /// <exception cref="InvalidOperationException">A shared secret is configured.</exception>
    public Task<int> RewrapAsync(CancellationToken cancellationToken = default)
    {
        var (source, wrapper) = _source is not null && _wrapper is not null
            ? (_source, _wrapper)
            : throw new InvalidOperationException("A shared secret is configured: the keys in the database are not used.");
        return source.ChangeAsync(
            plan =>
            {
                var changes = plan.Rewrap(wrapper.TryReencrypt);
                return (changes, changes.Saved.Count);
            },
            cancellationToken);
    }
}
