using Countersign.Tokens.Keys;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>Loads the keys of the database into the rings, makes the first ones, and promotes them when it is time.</summary>
internal sealed class StoredKeySource(
    IKeyStore store,
    KeyWrapper wrapper,
    KeySettings settings,
    KeyRing accessKeys,
    RefreshKeyRing refreshKeys,
    SessionClock clock,
    ILogger<StoredKeySource> logger) : IKeySource, IDisposable
{
    /// <summary>Each round that is lost was won by another node, so this many means that something else is wrong.</summary>
    private const int Attempts = 10;

    private const long NotLoaded = -1;

    private const string Locked =
        "None of the keys in the database can be decrypted with the configured master key. Configure the master key that they were written under " +
        "(Auth:MasterKey), as Auth:PreviousMasterKey if it is being replaced. If it is lost: countersign keys revoke --unreadable.";

    private const string CanNotSign =
        "This node can't decrypt the keys that sign now: another node has made them under another master key (Auth:MasterKey). It verifies, and signs nothing.";

    /// <summary>A version whose keys this node can't use is not read again sooner, however many batches and polls ask for it.</summary>
    private static readonly TimeSpan FaultPause = TimeSpan.FromSeconds(1);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DecryptedKeys _opened = new(wrapper, clock.Time);
    private readonly KeyMaker _maker = new(wrapper, settings);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly UnknownKeys _unknownKeys = new(clock.Time);
    private long _loadedVersion = NotLoaded;
    private VersionFault? _fault;

    /// <inheritdoc />
    public long? LoadedVersion => Volatile.Read(ref _loadedVersion) is var version and not NotLoaded ? version : null;

    /// <inheritdoc />
    public string? Fault => Volatile.Read(ref _fault)?.Message;

    /// <inheritdoc />
    public bool IsBehind(long version) => Volatile.Read(ref _loadedVersion) != version;

    /// <inheritdoc />
    public Task LoadAsync(CancellationToken cancellationToken) => InTurnAsync(() => LoadCoreAsync(cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task FollowAsync(long version, CancellationToken cancellationToken) =>
        InTurnAsync(() => IsBehind(version) || Fault is not null ? LoadUnlessAtFaultAsync(version, cancellationToken) : Task.CompletedTask, cancellationToken);

    /// <inheritdoc />
    public Task LoadForUnknownKeyAsync(CancellationToken cancellationToken) =>
        Fault is { } fault ? throw new SessionsUnavailableException(fault) : _unknownKeys.CatchUpAsync(() => LoadAsync(CancellationToken.None), cancellationToken);

    /// <inheritdoc />
    public void Confirm(long sentTimestamp) => _unknownKeys.Confirm(sentTimestamp);

    /// <inheritdoc />
    public Task MaintainAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var (table, version) = await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
            var changes = table.Maintain();
            if (changes.IsEmpty)
            {
                return;
            }

            // A round that is lost was another node's, which has done what was due.
            if (await store.TryWriteAsync(changes, version, cancellationToken).ConfigureAwait(false))
            {
                KeyLog.Report(logger, changes);
            }

            await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Plans a change on the table as it stands, and writes it; when another node was first, on the table as it stands then.</summary>
    /// <param name="plan">Plans the change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TResult> ChangeAsync<TResult>(Func<KeyTable, (KeyChanges Changes, TResult Result)> plan, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var (table, version) = await ReadAsync(cancellationToken).ConfigureAwait(false);
                var (changes, result) = plan(table);
                if (changes.IsEmpty)
                {
                    return result;
                }

                if (await store.TryWriteAsync(changes, version, cancellationToken).ConfigureAwait(false))
                {
                    KeyLog.Report(logger, changes);
                    await FollowOwnChangeAsync(cancellationToken).ConfigureAwait(false);
                    return result;
                }
            }

            throw new SessionsUnavailableException("The keys could not be changed: the key table kept changing.");
        },
        cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        _opened.Dispose();
        _turn.Dispose();
    }

    /// <summary>A process that serves goes over to what it has written; one that only commands had nothing loaded.</summary>
    private async Task FollowOwnChangeAsync(CancellationToken cancellationToken)
    {
        if (LoadedVersion is not null)
        {
            await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private Task<(KeyTable Table, long Version)> LoadUnlessAtFaultAsync(long version, CancellationToken cancellationToken) =>
        Volatile.Read(ref _fault) is { } fault && fault.Version == version && clock.Time.GetElapsedTime(fault.Timestamp) < FaultPause
            ? throw new InvalidOperationException(fault.Message)
            : LoadCoreAsync(cancellationToken);

    private async Task<(KeyTable Table, long Version)> LoadCoreAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var (table, version, rows) = await ReadRowsAsync(cancellationToken).ConfigureAwait(false);
            if (table.IsLocked)
            {
                if (LoadedVersion is not null)
                {
                    Publish(table, rows);
                }

                throw AtFault(version, Locked);
            }

            var missing = table.Complete(replacesUnreadable: LoadedVersion is null);
            if (missing.IsEmpty)
            {
                if (!Publish(table, rows))
                {
                    throw AtFault(version, CanNotSign);
                }

                Volatile.Write(ref _loadedVersion, version);
                Volatile.Write(ref _fault, null);
                return (table, version);
            }

            if (await store.TryWriteAsync(missing, version, cancellationToken).ConfigureAwait(false))
            {
                KeyLog.Report(logger, missing);
            }
        }

        throw new InvalidOperationException("The first keys could not be written to the database: the key table kept changing.");
    }

    private async Task<(KeyTable Table, long Version)> ReadAsync(CancellationToken cancellationToken)
    {
        var (table, version, _) = await ReadRowsAsync(cancellationToken).ConfigureAwait(false);
        return (table, version);
    }

    private async Task<(KeyTable Table, long Version, IReadOnlyList<StoredKey> Rows)> ReadRowsAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in _opened.Update(stored.Keys))
        {
            // A row that is over, or was given up, is nobody's loss.
            if (row.State != KeyState.Revoked && _reported.Add(row.KeyId))
            {
                Log.KeyUnreadable(logger, row.KeyId);
            }
        }

        return (new KeyTable(stored.Keys, row => _opened.Find(row) is not null, _maker, settings, clock.Now), stored.Version, stored.Keys);
    }

    /// <summary>What may verify is put in place in any case, so that a revoked key is dropped also by a node that can't sign.</summary>
    /// <returns>Whether it can.</returns>
    private bool Publish(KeyTable table, IReadOnlyList<StoredKey> rows)
    {
        var now = clock.Now;
        var inTime = rows.Where(row => row.RetiresAt is not { } end || now < end).ToList();
        var access = Find(inTime.Where(static row => row.Use == KeyUse.AccessToken && row.State != KeyState.Revoked));
        accessKeys.Replace(new KeySet(FindSigner(table, KeyUse.AccessToken), access.Select(static key => key.Verifier)));

        var refresh = inTime.Where(static row => row.Use == KeyUse.RefreshToken).ToList();
        var revoked = Find(refresh.Where(static row => row.State == KeyState.Revoked));
        var signing = Find(refresh.Where(static row => row.State != KeyState.Revoked)).Select(static key => key.Signer).OfType<SigningKey>().ToList();
        refreshKeys.Replace(FindSigner(table, KeyUse.RefreshToken), signing, revoked.Select(static key => key.Verifier));

        return accessKeys.Current.Signing is not null && refreshKeys.Keys is not null;
    }

    private InvalidOperationException AtFault(long version, string message)
    {
        Volatile.Write(ref _fault, new VersionFault(version, message, clock.Time.GetTimestamp()));
        return new InvalidOperationException(message);
    }

    private SigningKey? FindSigner(KeyTable table, KeyUse use)
    {
        var signing = table.FindSigning(use);
        var current = table.FindCurrent(use);
        if (signing is not null && current is not null && !ReferenceEquals(signing, current) && _reported.Add($"{current.KeyId} > {signing.KeyId}"))
        {
            Log.NextKeyStandsIn(logger, current.KeyId, signing.KeyId);
        }

        return signing is null ? null : _opened.Find(signing)?.Signer;
    }

    private List<DecryptedKey> Find(IEnumerable<StoredKey> rows) => [.. rows.Select(_opened.Find).OfType<DecryptedKey>()];

    private Task<bool> InTurnAsync(Func<Task> work, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            await work().ConfigureAwait(false);
            return true;
        },
        cancellationToken);

    private async Task<TResult> InTurnAsync<TResult>(Func<Task<TResult>> work, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            return await work().ConfigureAwait(false);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Why the keys of a version can't be used here, and when that was found.</summary>
    private sealed record VersionFault(long Version, string Message, long Timestamp);
}
