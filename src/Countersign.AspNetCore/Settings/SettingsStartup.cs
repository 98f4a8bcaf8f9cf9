using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>
/// Has the settings checked before any other service of Countersign's is made. The host makes all of its services first and checks the settings then: the first
/// service that reads a faulty one would end the start with that fault alone.
/// </summary>
internal sealed class SettingsStartup : IHostedService
{
    /// <param name="validator">The host's own check of all settings; null in a host that checks none.</param>
    public SettingsStartup(IStartupValidator? validator = null) => validator?.Validate();

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
