using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Countersign.AspNetCore.Health;

/// <summary>The platform's health check over <see cref="ServiceHealth"/>.</summary>
internal sealed class CountersignHealthCheck(ServiceHealth health) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        var faults = await health.FindFaultsAsync(cancellationToken).ConfigureAwait(false);
        return faults.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', faults));
    }
}
