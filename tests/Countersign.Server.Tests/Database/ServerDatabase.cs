using Countersign.Server.Configuration;
using Countersign.Server.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Database;

/// <summary>The server's services over a database of one test.</summary>
internal static class ServerDatabase
{
    public static IHost CreateHost(string directory)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = directory, EnvironmentName = "Production" });
        ConsoleLogging.Configure(builder.Logging, Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.True(ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: false, out var settings, out var faults), string.Join('\n', faults));
        ServerServices.Add(builder, settings, settings.MasterKey.Obtain());
        return builder.Build();
    }

    public static async Task<IReadOnlyList<string>> MigrateAsync(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Countersign.Server.Database.DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    }
}
