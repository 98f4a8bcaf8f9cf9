using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Countersign.AspNetCore.Health;

/// <summary>The platform's health check over <see cref="ServiceHealth"/>.</summary>
/// <param name="services">The app's services. <see cref="ServiceHealth"/> is missing if <c>AddCountersign</c> was not called.</param>
internal sealed class CountersignHealthCheck(IServiceProvider services) : IHealthCheck
{
    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (services.GetService<ServiceHealth>() is not { } health)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, "Call builder.Services.AddCountersign<TUser>(): nothing of it is registered.");
        }

        var faults = await health.FindFaultsAsync(cancellationToken).ConfigureAwait(false);
        return faults.Count == 0
            ? HealthCheckResult.Healthy()
            : new HealthCheckResult(context.Registration.FailureStatus, string.Join(' ', faults));
    }
}
