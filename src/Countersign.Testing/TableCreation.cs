using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Testing;

/// <summary>Makes the tables of a context when the app starts.</summary>
internal sealed class TableCreation(IServiceProvider services, Type context) : IHostedService
{
    /// <inheritdoc />
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var scope = services.CreateAsyncScope();
        await using var _ = scope.ConfigureAwait(false);
        await ((DbContext)scope.ServiceProvider.GetRequiredService(context)).Database.EnsureCreatedAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
