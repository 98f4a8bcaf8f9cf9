using Countersign.PostgreSql;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Countersign.Server.Database;

/// <summary>
/// Runs work of the context a second time, at once, where another connection can do what a broken one could not: after the database was restarted, the pool still
/// holds connections of before. It never waits: a request that meets a database that is away is refused within some two seconds, and its client comes again.
/// </summary>
internal sealed class SingleRetryExecutionStrategy(ExecutionStrategyDependencies dependencies) : ExecutionStrategy(dependencies, maxRetryCount: 1, maxRetryDelay: TimeSpan.Zero)
{
    /// <inheritdoc/>
    protected override bool ShouldRetryOn(Exception exception) =>
        PostgreSqlFailure.IsWorthAnotherTry(exception is DbUpdateException { InnerException: { } cause } ? cause : exception);
}
