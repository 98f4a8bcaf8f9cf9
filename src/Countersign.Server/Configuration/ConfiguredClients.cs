using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.AspNetCore.Settings;

namespace Countersign.Server.Configuration;

/// <summary>The clients in the configuration, valid or not, each with its key.</summary>
internal static class ConfiguredClients
{
    private const string SectionKey = $"{ClientOptions.SectionName}:{nameof(ClientOptions.Clients)}";

    /// <summary>Reads the clients, in the order of their indexes.</summary>
    public static IReadOnlyList<KeyValuePair<string, CountersignClientOptions>> Read(IConfiguration configuration) =>
        [.. configuration.GetSection(SectionKey).GetChildren().Select(static section => KeyValuePair.Create(section.Path, Read(section)))];

    /// <summary>The key for one more client, after all existing ones.</summary>
    public static string NextKey(IConfiguration configuration)
    {
        var used = configuration.GetSection(SectionKey).GetChildren()
            .Select(static section => KnownSettings.TryReadIndex(section.Key, out var index) ? index : -1);
        return $"{SectionKey}:{used.DefaultIfEmpty(-1).Max() + 1}";
    }

    private static CountersignClientOptions Read(IConfigurationSection section)
    {
        var client = new CountersignClientOptions
        {
            Id = section[nameof(CountersignClientOptions.Id)],
            SecretHash = section[nameof(CountersignClientOptions.SecretHash)],
            PreviousSecretHash = section[nameof(CountersignClientOptions.PreviousSecretHash)],
        };
        foreach (var audience in section.GetSection(nameof(CountersignClientOptions.Audiences)).GetChildren())
        {
            // A blank value is another fault, found by the check of all settings.
            if (audience.Value is { } value && !string.IsNullOrWhiteSpace(value))
            {
                client.Audiences.Add(value);
            }
        }

        return client;
    }
}
