using System.Globalization;
using Countersign.Sessions;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Clients;

/// <summary>Stops the host where a client is configured wrongly, all faults at once.</summary>
internal sealed class ClientOptionsValidator(IOptions<TokenOptions> tokens) : IValidateOptions<ClientOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, ClientOptions options)
    {
        var clients = options.Clients.Select(static (client, index) =>
            KeyValuePair.Create(string.Create(CultureInfo.InvariantCulture, $"{ClientOptions.SectionName}:{nameof(ClientOptions.Clients)}:{index}"), client));
        var faults = ClientRules.Check(clients, FindPublicClientId());
        return faults.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(faults.Select(static fault => $"{fault.Key} {fault.Problem}. {fault.Remedy}"));
    }

    private string? FindPublicClientId()
    {
        try
        {
            return tokens.Value.ClientId;
        }
        catch (OptionsValidationException)
        {
            // Those options have faults of their own, which stop the host in their own name.
            return null;
        }
    }
}
