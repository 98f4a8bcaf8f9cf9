using Countersign.Server.Database;
using Countersign.Sessions.Feed;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Health;

/// <summary>Finds out whether this server can do all of its work just now.</summary>
internal sealed class ServerHealth(IServiceScopeFactory scopes, ServiceReadiness readiness, TimeProvider time, ILogger<ServerHealth> logger)
{
    // Anybody may ask, and each answer costs a query: however often they do, there is one a second.
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    // Shorter than the probe time-outs of common orchestrators, so that the answer says what is wrong instead of none being given.
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private Task<IReadOnlyList<string>>? _answer;
    private long _answeredAt;
    private bool _isUnreachable;

    /// <summary>What is in the way, in words without secrets, as of a second ago at most; empty when the server is ready.</summary>
    public Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        Task<IReadOnlyList<string>> answer;
        lock (_lock)
        {
            // One that is still being found is everybody's: it began after this request or while it was on its way.
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
            // Outside of the lock, which the caller holds.
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
                // A table of ours, so that a database without tables does not count either.
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
                // Once for each change: an orchestrator asks every few seconds.
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
