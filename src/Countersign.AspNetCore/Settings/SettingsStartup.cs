using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Settings;

/// <summary>
/// Checks the settings before any other service of Countersign is made. The host makes all its services first, and checks the settings afterwards: the first
/// service that reads a faulty setting would end the start, and only that fault would be reported.
/// </summary>
internal sealed class SettingsStartup : IHostedService
{
    /// <param name="validator">The host's own check of all settings; null if the host checks none.</param>
    public SettingsStartup(IStartupValidator? validator = null) => validator?.Validate();

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
