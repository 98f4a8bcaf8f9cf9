using Countersign.AspNetCore.Clients;
using Countersign.Sessions;

namespace Countersign.Server.Configuration;

/// <summary>The clients that may ask of tokens, each by itself and to each other.</summary>
internal static class ClientCheck
{
    private const string PublicClientKey = $"{TokenOptions.SectionName}:{nameof(TokenOptions.ClientId)}";

    /// <summary>Notes every fault that was not noted before.</summary>
    public static void Run(ConfigurationReading reading)
    {
        // One that has no known key at all is a misspelling, which was named already.
        var clients = ConfiguredClients.Read(reading.Configuration)
            .Where(static client => client.Value is not { Id: null, SecretHash: null, PreviousSecretHash: null, Audiences.Count: 0 });
        foreach (var fault in ClientRules.Check(clients, PublicClientId(reading)).Where(fault => !reading.IsFaulty(fault.Key)))
        {
            reading.Fault(fault.Key, fault.Problem, fault.Remedy);
        }
    }

    private static string? PublicClientId(ConfigurationReading reading) =>
        reading.IsFaulty(PublicClientKey) ? null : reading.Value(PublicClientKey) ?? new TokenOptions().ClientId;
}
