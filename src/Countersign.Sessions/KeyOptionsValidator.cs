using Countersign.Sessions.Keys;
using Microsoft.Extensions.Options;

namespace Countersign.Sessions;

/// <summary>What the options on the master key must be, all faults at once.</summary>
internal sealed class KeyOptionsValidator(IOptions<TokenOptions> tokens) : IValidateOptions<KeyOptions>
{
    /// <inheritdoc />
    public ValidateOptionsResult Validate(string? name, KeyOptions options)
    {
        List<string> faults = [];
        Check(options.MasterKey, "Auth:MasterKey", faults);
        Check(options.PreviousMasterKey, "Auth:PreviousMasterKey", faults);
        if (options.MasterKey is null && !HasSecret())
        {
            faults.Add("Auth:MasterKey is missing: the keys in the database are encrypted under it. Make one with `countersign secrets new`, or 32 random bytes in base64.");
        }

        return faults.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(faults);
    }

    private static void Check(string? text, string key, List<string> faults)
    {
        if (text is null)
        {
            return;
        }

        if (MasterKey.TryParse(text, out var parsed, out var fault))
        {
            parsed.Dispose();
        }
        else
        {
            faults.Add($"{key}: {fault}");
        }
    }

    private bool HasSecret()
    {
        try
        {
            return tokens.Value.SecretKey is not null;
        }
        catch (OptionsValidationException)
        {
            // Those faults are reported as their own; without knowing the secret, a missing master key is one too.
            return false;
        }
    }
}
