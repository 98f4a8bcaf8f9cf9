using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Countersign.AspNetCore;
using Countersign.AspNetCore.Clients;
using Countersign.Server.Configuration;
using Countersign.Sessions;

namespace Countersign.Server.Commands;

/// <summary>
/// <c>clients</c>: makes secrets for services that introspect or revoke tokens. Clients are configuration, so the commands write nothing. They print the secret
/// once, together with the settings of the client.
/// </summary>
internal static class ClientsCommand
{
    private static readonly JsonSerializerOptions Json = new()
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        WriteIndented = true,
    };

    private static readonly Option<string[]> Audience = new("--audience")
    {
        Description = "An audience whose tokens the client may introspect and revoke; may be repeated (default: Auth:Audience, or else Auth:Issuer)",
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var newId = new Argument<string>("id") { Description = "The new client's id: printable ASCII without a colon" };
        var create = new Command(
            "create", "Make a client's secret and print it, once, with the settings that configure the client; nothing is written") { newId, Audience };
        create.SetAction((parse, _) => RunAsync(
            parse, configuration => CreateClient(parse.GetRequiredValue(newId), parse.GetValue(Audience) ?? [], configuration)));

        var id = new Argument<string>("id") { Description = "The id of a configured client" };
        var replace = new Command(
            "replace-secret",
            "Make another secret for a configured client; the old one stays valid until PreviousSecretHash is removed; nothing is written") { id };
        replace.SetAction((parse, _) => RunAsync(parse, configuration => ReplaceSecret(parse.GetRequiredValue(id), configuration)));
        return new Command("clients", "Make secrets for services that introspect or revoke tokens") { create, replace };
    }

    private static async Task<int> RunAsync(ParseResult parse, Func<IConfiguration, (Outcome Outcome, string Key, CountersignClientOptions Client)> find)
    {
        var (outcome, key, client) = find(AccountCommand.CreateBuilder(parse).Configuration);
        if (!outcome.Succeeded)
        {
            return await outcome.WriteAsync(parse).ConfigureAwait(false);
        }

        var secret = ClientSecret.Create();
        client.PreviousSecretHash = client.SecretHash;
        client.SecretHash = ClientSecret.Format(secret);
        await WriteAsync(parse.InvocationConfiguration.Output, key, client, secret).ConfigureAwait(false);
        return 0;
    }

    private static (Outcome Outcome, string Key, CountersignClientOptions Client) CreateClient(string id, string[] audiences, IConfiguration configuration)
    {
        var client = new CountersignClientOptions { Id = id };
        foreach (var audience in audiences.Length > 0 ? audiences : [configuration["Auth:Audience"] ?? configuration["Auth:Issuer"] ?? string.Empty])
        {
            client.Audiences.Add(audience);
        }

        return (Judge(client, configuration), ConfiguredClients.NextKey(configuration), client);
    }

    private static Outcome Judge(CountersignClientOptions client, IConfiguration configuration)
    {
        if (!ClientRules.IsId(client.Id!))
        {
            return Outcome.Refused("a client's id is 1 to 255 characters of printable ASCII, without a colon and without a space at either end");
        }

        if (string.Equals(client.Id, configuration["Auth:ClientId"] ?? new CountersignTokenOptions().ClientId, StringComparison.Ordinal))
        {
            return Outcome.Refused($"{client.Id} is the id of the public client (Auth:ClientId): choose another");
        }

        if (Find(client.Id!, configuration) is { } present)
        {
            return Outcome.Refused($"{present.Key} has this id already; to make another secret: countersign clients replace-secret {client.Id}");
        }

        return client.Audiences.Any(string.IsNullOrWhiteSpace)
            ? Outcome.Refused(
                "no audience is configured (Auth:Audience, Auth:Issuer): name one with --audience. " +
                "Without these settings, the audience is the address that the server listens on")
            : Outcome.Done(string.Empty);
    }

    private static (Outcome Outcome, string Key, CountersignClientOptions Client) ReplaceSecret(string id, IConfiguration configuration)
    {
        if (Find(id, configuration) is not { } present)
        {
            var unknown = Outcome.Refused($"no client with this id is configured here; to make a new one: countersign clients create {id}");
            return (unknown, string.Empty, new CountersignClientOptions());
        }

        var outcome = ClientSecret.TryParseHash(present.Value.SecretHash, out _)
            ? Outcome.Done(string.Empty)
            : Outcome.Refused($"{present.Key}:SecretHash is not a valid hash, so the old secret can't stay valid");
        return (outcome, present.Key, present.Value);
    }

    private static KeyValuePair<string, CountersignClientOptions>? Find(string id, IConfiguration configuration)
    {
        var found = ConfiguredClients.Read(configuration).Where(client => string.Equals(client.Value.Id, id, StringComparison.Ordinal)).ToList();
        return found.Count == 0 ? null : found[0];
    }

    private static async Task WriteAsync(TextWriter output, string key, CountersignClientOptions client, string secret)
    {
        await output.WriteLineAsync("# For the client. The secret is shown only this time, and is not stored.").ConfigureAwait(false);
        await output.WriteLineAsync($"client_id={client.Id}").ConfigureAwait(false);
        await output.WriteLineAsync($"client_secret={secret}").ConfigureAwait(false);
        await output.WriteLineAsync("# For this server, as environment variables. It reads them at its next start.").ConfigureAwait(false);
        foreach (var (name, value) in Settings(client))
        {
            await output.WriteLineAsync($"{(key + ':' + name).Replace(":", "__", StringComparison.Ordinal)}={value}").ConfigureAwait(false);
        }

        await output.WriteLineAsync(
            $"# Or in appsettings.json, as a member of the array {nameof(ClientOptions.Clients)} under {ClientOptions.SectionName}.").ConfigureAwait(false);
        await output.WriteLineAsync(JsonSerializer.Serialize(client, Json)).ConfigureAwait(false);
    }

    private static IEnumerable<(string Name, string Value)> Settings(CountersignClientOptions client)
    {
        yield return (nameof(client.Id), client.Id!);
        yield return (nameof(client.SecretHash), client.SecretHash!);
        if (client.PreviousSecretHash is { } previous)
        {
            yield return (nameof(client.PreviousSecretHash), previous);
        }

        for (var index = 0; index < client.Audiences.Count; index++)
        {
            yield return (string.Create(CultureInfo.InvariantCulture, $"{nameof(client.Audiences)}:{index}"), client.Audiences[index]);
        }
    }
}
