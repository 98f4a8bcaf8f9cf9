using Countersign.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Countersign.Server.Database;

/// <summary>
/// Runs work a second time, at once, if a new connection can succeed where a broken one failed: after a restart of the database, the pool still holds old
/// connections. It never waits. While the database is down, a request fails within about two seconds, and its client tries again.
/// </summary>
internal sealed class SingleRetryExecutionStrategy(ExecutionStrategyDependencies dependencies)
    : ExecutionStrategy(dependencies, maxRetryCount: 1, maxRetryDelay: TimeSpan.Zero)
{
    /// <inheritdoc/>
    protected override bool ShouldRetryOn(Exception exception) =>
        PostgreSqlFailure.IsWorthAnotherTry(exception is DbUpdateException { InnerException: { } cause } ? cause : exception);
}
