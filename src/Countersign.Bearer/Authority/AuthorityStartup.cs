using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Bearer.Authority;

/// <summary>
/// Starts to fetch the keys of every authority when the app starts, and does not wait. An app starts even if an authority is down. Requests wait for the keys
/// if they are not loaded yet.
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
