using Countersign.Sessions.Time;
using Countersign.Tokens.Keys;
using Microsoft.Extensions.Logging;

namespace Countersign.Sessions.Keys;

/// <summary>
/// The keys in the database that this node has decrypted. It puts the keys in force into the rings, makes the first keys, loads the changes of other nodes, and
/// writes the changes of this node. Only one load or change runs at a time.
/// </summary>
internal sealed class StoredKeySource(
    IKeyStore store,
    KeyWrapper wrapper,
    KeySettings settings,
    KeyRing accessKeys,
    RefreshKeyRing refreshKeys,
    SessionClock clock,
    ILogger<StoredKeySource> logger) : IKeySource, IDisposable
{
    /// <summary>A node loses a round only if another node wins it. So this many lost rounds mean that something else is wrong.</summary>
    private const int Attempts = 10;

    /// <summary>No version.</summary>
    private const long None = -1;

    private const string Locked =
        "None of the keys in the database can be decrypted with the configured master key. Configure the master key under which they are encrypted " +
        "(Auth:MasterKey, or Auth:PreviousMasterKey if it is being replaced). If it is lost, revoke the keys that can't be decrypted: call " +
        "KeyService.RevokeUnreadableAsync once, before the app runs. Everybody must log in again then.";

    private const string CanNotSign =
        "This node can't decrypt the current keys, because another node made them under another master key (Auth:MasterKey). It verifies, but signs nothing.";

    /// <summary>
    /// After a failure the same version is tried again after this time, even if many batches and polls ask for it. SQLite announces news up to forty times a
    /// second.
    /// </summary>
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>How long to wait for a poll of the feed: the second between two polls, and one second for the poll itself.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly DecryptedKeys _opened = new(wrapper, clock.Time);
    private readonly HashSet<string> _reported = new(StringComparer.Ordinal);
    private readonly Lock _confirmationLock = new();
    private TaskCompletionSource _confirmation = NewConfirmation();
    private long _confirmedTimestamp = long.MinValue;
    private long _loadedVersion = None;
    private string? _fault;
    private Failure? _failure;

    /// <summary>The version of the loaded keys; null before the first load.</summary>
    public long? LoadedVersion => Volatile.Read(ref _loadedVersion) is var version and not None ? version : null;

    /// <inheritdoc />
    public string? Fault => Volatile.Read(ref _fault) ?? (LoadedVersion is null ? IKeySource.NotLoaded : null);

    /// <inheritdoc />
    public bool IsBehind(long version) => Volatile.Read(ref _loadedVersion) != version;

    /// <inheritdoc />
    public Task LoadAsync(CancellationToken cancellationToken) => InTurnAsync(() => LoadCoreAsync(cancellationToken), cancellationToken);

    /// <inheritdoc />
    public Task CatchUpAsync(long version, long sentTimestamp, CancellationToken cancellationToken)
    {
        if (IsCaughtUp(version))
        {
            Confirm(sentTimestamp);
            return Task.CompletedTask;
        }

        return InTurnAsync(() => IsCaughtUp(version) ? Task.CompletedTask : LoadUnlessFailedAsync(version, cancellationToken), cancellationToken);
    }

    /// <inheritdoc />
    public async Task WaitUntilCurrentAsync(CancellationToken cancellationToken)
    {
        if (Fault is { } fault)
        {
            throw new SessionsUnavailableException(fault);
        }

        var asked = clock.Time.GetTimestamp();
        while (!IsConfirmed(asked, out var next))
        {
            try
            {
                var left = TimeSpan.FromTicks(Math.Max(0, (Patience - clock.Time.GetElapsedTime(asked)).Ticks));
                await next.WaitAsync(left, clock.Time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException exception)
            {
                throw new SessionsUnavailableException("This node could not find out in time whether it has all keys that are in force.", exception);
            }
        }
    }

    /// <summary>Loads the keys and makes the changes that are due: promotes a next key, and deletes expired keys.</summary>
    public Task MaintainAsync(CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            var (plan, version) = await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
            var changes = plan.RotateDue();
            if (changes.IsEmpty)
            {
                return;
            }

            // If the write fails, another node has made the same changes.
            if (await store.TryWriteAsync(changes, version, cancellationToken).ConfigureAwait(false))
            {
                Log.KeysChanged(logger, changes);
            }

            await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Plans a change of the table and writes it. If another node was first, it reads the table and plans again.</summary>
    /// <param name="change">Plans the change.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<TResult> ChangeAsync<TResult>(Func<KeyPlan, (KeyChanges Changes, TResult Result)> change, CancellationToken cancellationToken) => InTurnAsync(
        async () =>
        {
            for (var attempt = 0; attempt < Attempts; attempt++)
            {
                var (plan, version, _) = await ReadAsync(cancellationToken).ConfigureAwait(false);
                var (changes, result) = change(plan);
                if (changes.IsEmpty)
                {
                    return result;
                }

                if (await store.TryWriteAsync(changes, version, cancellationToken).ConfigureAwait(false))
                {
                    Log.KeysChanged(logger, changes);
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

    /// <summary>A running service uses the keys that it has written. A process that only runs a command has no keys loaded.</summary>
    private async Task FollowOwnChangeAsync(CancellationToken cancellationToken)
    {
        if (LoadedVersion is not null)
        {
            await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private bool IsCaughtUp(long version) => !IsBehind(version) && Volatile.Read(ref _fault) is null;

    private async Task LoadUnlessFailedAsync(long version, CancellationToken cancellationToken)
    {
        if (_failure is { } last && last.Version == version && clock.Time.GetElapsedTime(last.Timestamp) < Pause)
        {
            throw new InvalidOperationException(last.Exception.Message, last.Exception);
        }

        try
        {
            await LoadCoreAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Logged once for each version, not once for each poll.
            if (version != _failure?.Version || exception.GetType() != _failure.Exception.GetType())
            {
                Log.KeysNotLoaded(logger, exception, version);
            }

            _failure = new Failure(version, exception, clock.Time.GetTimestamp());
            throw;
        }
    }

    private async Task<(KeyPlan Plan, long Version)> LoadCoreAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var sent = clock.Time.GetTimestamp();
            var (plan, version, rows) = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (plan.IsLocked)
            {
                if (LoadedVersion is not null)
                {
                    Publish(plan, rows);
                }

                throw AtFault(Locked);
            }

            var missing = plan.Complete(replacesUnreadable: LoadedVersion is null);
            if (missing.IsEmpty)
            {
                if (!Publish(plan, rows))
                {
                    throw AtFault(CanNotSign);
                }

                Volatile.Write(ref _loadedVersion, version);
                Volatile.Write(ref _fault, null);
                _failure = null;
                Confirm(sent);
                return (plan, version);
            }

            if (await store.TryWriteAsync(missing, version, cancellationToken).ConfigureAwait(false))
            {
                Log.KeysChanged(logger, missing);
            }
        }

        throw new InvalidOperationException("The first keys could not be written to the database: the key table kept changing.");
    }

    private async Task<(KeyPlan Plan, long Version, IReadOnlyList<StoredKey> Rows)> ReadAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
        foreach (var row in _opened.Update(stored.Keys))
        {
            // A revoked key that can't be decrypted is not a loss.
            if (row.State != KeyState.Revoked && _reported.Add(row.KeyId))
            {
                Log.KeyUnreadable(logger, row.KeyId);
            }
        }

        return (new KeyPlan(stored.Keys, row => _opened.Find(row) is not null, wrapper, settings, clock.Now), stored.Version, stored.Keys);
    }

    /// <summary>Always replaces the verifying keys, so that a node that can't sign still drops a revoked key.</summary>
    /// <returns>Whether this node can sign.</returns>
    private bool Publish(KeyPlan plan, IReadOnlyList<StoredKey> rows)
    {
        var now = clock.Now;
        var inTime = rows.Where(row => row.RetiresAt is not { } end || now < end).ToList();
        var access = Find(inTime.Where(static row => row.Use == KeyUse.AccessToken && row.State != KeyState.Revoked));
        accessKeys.Replace(new KeySet(FindSigner(plan, KeyUse.AccessToken), access.Select(static key => key.Verifier)));

        var refresh = inTime.Where(static row => row.Use == KeyUse.RefreshToken).ToList();
        var revoked = Find(refresh.Where(static row => row.State == KeyState.Revoked));
        var signing = Find(refresh.Where(static row => row.State != KeyState.Revoked)).Select(static key => key.Signer).OfType<SigningKey>().ToList();
        refreshKeys.Replace(FindSigner(plan, KeyUse.RefreshToken), signing, revoked.Select(static key => key.Verifier));

        return accessKeys.Current.Signing is not null && refreshKeys.Keys is not null;
    }

    private InvalidOperationException AtFault(string message)
    {
        Volatile.Write(ref _fault, message);
        return new InvalidOperationException(message);
    }

    private SigningKey? FindSigner(KeyPlan plan, KeyUse use)
    {
        var signing = plan.FindSigning(use);
        var current = plan.FindCurrent(use);
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

    private static TaskCompletionSource NewConfirmation() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Records that the loaded keys were in force when a statement was sent.</summary>
    private void Confirm(long sentTimestamp)
    {
        TaskCompletionSource told;
        lock (_confirmationLock)
        {
            _confirmedTimestamp = Math.Max(_confirmedTimestamp, sentTimestamp);
            told = _confirmation;
            _confirmation = NewConfirmation();
        }

        told.SetResult();
    }

    /// <summary>Whether a statement that was sent after <paramref name="asked"/> has confirmed the keys.</summary>
    /// <param name="asked">A moment on the monotonic clock.</param>
    /// <param name="next">A task that completes with the next confirmation.</param>
    private bool IsConfirmed(long asked, out Task next)
    {
        lock (_confirmationLock)
        {
            next = _confirmation.Task;
            return _confirmedTimestamp > asked;
        }
    }

    /// <summary>The version whose keys could not be loaded, the reason, and the time of the attempt.</summary>
    private sealed record Failure(long Version, Exception Exception, long Timestamp);
}
