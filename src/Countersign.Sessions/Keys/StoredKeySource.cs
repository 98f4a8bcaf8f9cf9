using Countersign.Sessions.Stores;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>Loads the keys of the database into the rings, and makes the first ones.</summary>
internal sealed class StoredKeySource(
    IKeyStore store,
    KeyWrapper wrapper,
    SignatureAlgorithm algorithm,
    KeyRing accessKeys,
    RefreshKeyRing refreshKeys,
    SessionClock clock,
    ILogger<StoredKeySource> logger) : IKeySource
{
    /// <summary>Each round that is lost was won by another node, so this many means that something else is wrong.</summary>
    private const int Attempts = 10;

    private long? _loadedVersion;

    /// <inheritdoc />
    public long? LoadedVersion => _loadedVersion;

    /// <inheritdoc />
    public bool IsBehind(long version) => _loadedVersion != version;

    /// <inheritdoc />
    public async Task LoadAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var stored = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
            var opened = Open(stored);
            var missing = Missing(opened);
            if (missing.Count == 0)
            {
                Publish(opened);
                _loadedVersion = stored.Version;
                return;
            }

            if (await store.TrySaveAsync(missing, stored.Version, cancellationToken).ConfigureAwait(false))
            {
                missing.ForEach(key => Log.KeyMade(logger, key.KeyId, key.Algorithm, key.Use));
            }
        }

        throw new InvalidOperationException("The first keys could not be written to the database: the key table kept changing.");
    }

    private List<OpenedKey> Open(StoredKeys stored)
    {
        var now = clock.Now;
        List<OpenedKey> opened = [];
        var usable = stored.Keys.Where(key => key.State != KeyState.Revoked && (key.RetiresAt is not { } end || now < end)).ToList();
        foreach (var row in usable)
        {
            if (wrapper.TryOpen(row) is { } key)
            {
                opened.Add(new OpenedKey(row, key));
            }
            else
            {
                Log.KeyUnreadable(logger, row.KeyId);
            }
        }

        if (usable.Count > 0 && opened.Count == 0)
        {
            throw new InvalidOperationException(
                $"None of the {usable.Count} keys in the database can be decrypted with the configured master key. Configure the master key that they were " +
                "written under (Auth:MasterKey), as Auth:PreviousMasterKey if it is being replaced.");
        }

        return opened;
    }

    /// <summary>There is always a key that signs, a published one that will sign next, and a refresh key.</summary>
    private List<StoredKey> Missing(List<OpenedKey> opened)
    {
        var now = clock.Now;
        List<StoredKey> made = [];
        if (!opened.Exists(static key => key.Row is { Use: KeyUse.AccessToken, State: KeyState.Current }))
        {
            made.Add(Make(KeyUse.AccessToken, KeyState.Current, algorithm, now));
        }

        if (!opened.Exists(static key => key.Row is { Use: KeyUse.AccessToken, State: KeyState.Next }))
        {
            made.Add(Make(KeyUse.AccessToken, KeyState.Next, algorithm, now));
        }

        if (!opened.Exists(static key => key.Row is { Use: KeyUse.RefreshToken, State: KeyState.Current }))
        {
            made.Add(Make(KeyUse.RefreshToken, KeyState.Current, SignatureAlgorithm.HS256, now));
        }

        return made;
    }

    private StoredKey Make(KeyUse use, KeyState state, SignatureAlgorithm keyAlgorithm, DateTimeOffset now)
    {
        using var key = SigningKey.Create(keyAlgorithm);
        return wrapper.Seal(key, use, state, now);
    }

    private void Publish(List<OpenedKey> opened)
    {
        var access = opened.Where(static key => key.Row.Use == KeyUse.AccessToken).ToList();
        var signing = access.Where(static key => key.Row.State == KeyState.Current).MaxBy(static key => key.Row.ActivatedAt)!.Key;
        accessKeys.Replace(new KeySet(signing, access.Select(static key => key.Key.VerificationKey)));

        var refresh = opened.Where(static key => key.Row.Use == KeyUse.RefreshToken).ToList();
        var current = refresh.Where(static key => key.Row.State == KeyState.Current).MaxBy(static key => key.Row.ActivatedAt)!.Key;
        refreshKeys.Replace(current, [.. refresh.Select(static key => key.Key)]);
    }

    private sealed record OpenedKey(StoredKey Row, SigningKey Key)
    {
        public override string ToString() => Row.ToString();
    }
}
