using Countersign.AspNetCore.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Countersign to an app's health checks.</summary>
public static class CountersignHealthChecksBuilderExtensions
{
    /// <summary>
    /// Adds a check of all that Countersign needs on this node: keys that can sign, a revocation feed that was read in the last 10 seconds, the database's
    /// clock, and databases whose tables can be read. It is what the server's <c>/health/ready</c> asks.
    /// </summary>
    /// <remarks>
    /// It belongs to readiness, not to liveness: a restart mends none of these. The database is asked at most once a second, for at most 2 seconds. The
    /// description names the faults without secrets.
    /// </remarks>
    /// <param name="builder">The app's health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="failureStatus">What a fault is reported as; null for <see cref="HealthStatus.Unhealthy"/>.</param>
    /// <param name="tags">The check's tags; null for <c>ready</c>.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static IHealthChecksBuilder AddCountersign(
        this IHealthChecksBuilder builder, string name = "countersign", HealthStatus? failureStatus = null, IEnumerable<string>? tags = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddCheck<CountersignHealthCheck>(name, failureStatus, tags ?? ["ready"]);
    }
}
