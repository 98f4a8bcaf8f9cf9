using Countersign.AspNetCore.Endpoints;
using Countersign.Tokens;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Countersign.AspNetCore;

/// <summary>
/// Makes the policy of the tokens as soon as the server is bound, because the bound address can be the issuer. If there is no issuer, the host stops at start,
/// instead of failing at every request. Says so if the app has mapped none of the routes.
/// </summary>
internal sealed class IssuerStartup(IServiceProvider services, ILogger<IssuerStartup> logger) : IHostedLifecycleService
{
    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">No issuer is configured, and the bound address can't be the issuer.</exception>
    public Task StartedAsync(CancellationToken cancellationToken)
    {
        services.GetRequiredService<TokenPolicy>();
        if (services.GetService<EndpointDataSource>() is { } routes
            && !routes.Endpoints.Any(static route => route.Metadata.GetMetadata<MappedRoute>() is not null))
        {
            EndpointLog.NoRoutes(logger);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
