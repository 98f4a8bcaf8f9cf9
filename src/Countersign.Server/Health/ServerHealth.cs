using Countersign.Server.Database;
using Countersign.Sessions.Feed;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Health;

/// <summary>Finds out whether this server can do all of its work now.</summary>
internal sealed class ServerHealth(IServiceScopeFactory scopes, ServiceReadiness readiness, TimeProvider time, ILogger<ServerHealth> logger)
{
    // Any client may ask, and each answer takes a query. So there is at most one query a second.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    // Shorter than the probe time-outs of common orchestrators, so that they get the reason and not a time-out.
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<string>>? _answer;
    private long _answeredAt;
    private bool _isUnreachable;

    /// <summary>The faults, without secrets, at most a second old; empty if the server is ready.</summary>
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
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                // One of our tables, so that a database without tables counts as a fault too.
                await scope.ServiceProvider.GetRequiredService<ServerDbContext>().Users.AnyAsync(timeout.Token).ConfigureAwait(false);
                if (_isUnreachable)
                {
                    _isUnreachable = false;
                    Log.DatabaseReachable(logger);
                }

                return true;
            }
            catch (Exception failure)
            {
                // Log only changes: an orchestrator asks every few seconds.
                if (!_isUnreachable)
                {
                    _isUnreachable = true;
                    Log.DatabaseUnreachable(logger, failure);
                }

                return false;
            }
        }
    }
}
