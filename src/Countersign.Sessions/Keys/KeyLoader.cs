using Microsoft.Extensions.Hosting;

namespace Countersign.Sessions.Keys;

/// <summary>Loads the keys before the service takes requests.</summary>
internal sealed class KeyLoader(IKeySource keys) : IHostedService
{
    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => keys.LoadAsync(cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
