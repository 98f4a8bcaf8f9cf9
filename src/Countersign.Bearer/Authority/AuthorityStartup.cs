using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Bearer.Authority;

/// <summary>
/// Asks every authority for its keys when the app starts, without waiting: an app starts while an authority is down, and requests wait for the answer if it
/// is not there yet.
/// </summary>
internal sealed class AuthorityStartup(IEnumerable<BearerRegistration> registrations, IServiceProvider services) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var registration in registrations)
        {
            if (services.GetRequiredKeyedService<BearerScheme>(registration.Scheme) is AuthorityScheme authority)
            {
                authority.Keys.Renew();
            }
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
