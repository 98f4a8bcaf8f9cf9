using Countersign.Tokens.Settings;
using Countersign.Server.Configuration;
using Microsoft.Extensions.Configuration;

namespace Countersign.Server.Tests.Configuration;

/// <summary>One reading of a configuration in a directory of its own.</summary>
internal static class SettingsReading
{
    public static (ServerSettings? Settings, IReadOnlyList<SettingFault> Faults) Read(
        string contentRoot, IEnumerable<KeyValuePair<string, string?>> values, string environment = "Production", bool serving = true)
    {
        // Port 0: no test depends on which ports this machine has free.
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([KeyValuePair.Create<string, string?>("urls", "http://127.0.0.1:0")])
            .AddInMemoryCollection(values)
            .Build();
        ServerSettingsReader.TryRead(configuration, new TestEnvironment(contentRoot, environment), serving, out var settings, out var faults);
        return (settings, faults);
    }
}
