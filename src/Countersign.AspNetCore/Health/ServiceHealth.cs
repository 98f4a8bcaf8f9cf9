using Countersign.Sessions.Accounts;
using Countersign.Sessions.Feed;
using Countersign.Sessions.Keys;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore.Health;

/// <summary>Finds out whether this node can do all of its work now: for the server's readiness route, and for an app's health checks.</summary>
internal sealed class ServiceHealth(
    IKeyStore sessions, IAccounts accounts, ServiceReadiness readiness, TimeProvider time, ILogger<ServiceHealth> logger)
{
    // Any client may ask, and each answer takes queries. So there is at most one answer a second.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    // Shorter than the probe time-outs of common orchestrators, so that they get the reason and not a time-out.
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>A name that is looked up to see whether accounts can be read. It need not exist.</summary>
    private const string NoAccount = "health";

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<string>>? _answer;
    private long _answeredAt;
    private bool _isUnreachable;

    /// <summary>The faults, without secrets, at most a second old; empty if the node is ready.</summary>
    public Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> answer;
        lock (_lock)
        {
            // A check that is still running serves every caller: it began after this request was sent, or while it was on its way.
            if (_answer is null || (_answer.IsCompleted && time.GetElapsedTime(_answeredAt) >= Lifetime))
            {
                _answer = LookAsync();
            }

            answer = _answer;
        }

        return answer.WaitAsync(cancellationToken);
    }

    private async Task<IReadOnlyList<string>> LookAsync()
    {
        try
        {
            // Start it outside of the lock, which the caller holds.
            await Task.Yield();
            return await FindAsync().ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _answeredAt, time.GetTimestamp());
        }
    }

    private async Task<IReadOnlyList<string>> FindAsync()
    {
        List<string> faults = [.. readiness.FindFaults()];
        if (!await CanReadDatabaseAsync().ConfigureAwait(false))
        {
            faults.Add("The database cannot be read.");
        }

        return faults;
    }

    private async Task<bool> CanReadDatabaseAsync()
    {
        using var timeout = new CancellationTokenSource(DatabaseTimeout, time);
        try
        {
            // The tables themselves, so that a database without tables counts as a fault too. Accounts may be in another database than sessions.
            await sessions.LoadAsync(timeout.Token).ConfigureAwait(false);
            await accounts.FindByNameAsync(NoAccount, timeout.Token).WaitAsync(timeout.Token).ConfigureAwait(false);
            if (_isUnreachable)
            {
                _isUnreachable = false;
                HealthLog.DatabaseReachable(logger);
            }

            return true;
        }
        catch (Exception failure)
        {
            // Log only changes: an orchestrator asks every few seconds.
            if (!_isUnreachable)
            {
                _isUnreachable = true;
                HealthLog.DatabaseUnreachable(logger, failure);
            }

            return false;
        }
    }
}
