using Countersign.Server.Configuration;
using Countersign.Server.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Countersign.Server.Tests.Database;

/// <summary>The server's services over a database of one test.</summary>
internal static class ServerDatabase
{
    /// <param name="directory">Where its data is, unless the settings say otherwise.</param>
    /// <param name="environment">Settings as a server process is given them; what they say of logging is left out.</param>
    public static IHost CreateHost(string directory, IReadOnlyDictionary<string, string>? environment = null)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = directory, EnvironmentName = "Production" });
        builder.Configuration.AddInMemoryCollection(environment?
            .Where(static setting => !setting.Key.StartsWith("Logging__", StringComparison.Ordinal))
            .Select(static setting => KeyValuePair.Create(setting.Key.Replace("__", ":", StringComparison.Ordinal), (string?)setting.Value)));
        ConsoleLogging.Configure(builder.Logging, Microsoft.Extensions.Logging.LogLevel.Warning);
        Assert.True(
            ServerSettingsReader.TryRead(builder.Configuration, builder.Environment, serving: false, out var settings, out var faults),
            string.Join('\n', faults));
        ServerServices.Add(builder, settings, settings.MasterKey.Obtain());
        return builder.Build();
    }

    public static async Task<IReadOnlyList<string>> MigrateAsync(IHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Countersign.Server.Database.DatabaseMigrator>().MigrateAsync(CancellationToken.None);
    }
}
