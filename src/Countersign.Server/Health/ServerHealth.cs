using Countersign.Server.Database;
using Countersign.Sessions;
using Microsoft.EntityFrameworkCore;

namespace Countersign.Server.Health;

/// <summary>Finds out whether this server can do all of its work just now.</summary>
internal sealed class ServerHealth(IServiceScopeFactory scopes, ServiceReadiness readiness, ILogger<ServerHealth> logger)
{
    // Shorter than the probe time-outs of common orchestrators, so that the answer says what is wrong instead of none being given.
    private static readonly TimeSpan DatabaseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>What is in the way, in words without secrets; empty when the server is ready.</summary>
    public async Task<IReadOnlyList<string>> FindFaultsAsync(CancellationToken cancellationToken)
    {
        List<string> faults = [.. readiness.FindFaults()];
        if (!await CanReadDatabaseAsync(cancellationToken).ConfigureAwait(false))
        {
            faults.Add("The database cannot be read.");
        }

        return faults;
    }

    private async Task<bool> CanReadDatabaseAsync(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(DatabaseTimeout);
        var scope = scopes.CreateAsyncScope();
        await using (scope.ConfigureAwait(false))
        {
            try
            {
                // A table of ours, so that a database without tables does not count either.
                await scope.ServiceProvider.GetRequiredService<ServerDbContext>().Users.AnyAsync(timeout.Token).ConfigureAwait(false);
                return true;
            }
            catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
            {
                Log.DatabaseUnreachable(logger, failure);
                return false;
            }
        }
    }
}
