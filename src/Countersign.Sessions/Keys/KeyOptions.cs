using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions.Keys;

/// <summary>
/// The master keys, which encrypt the keys in the database. An app sets them at the top of <c>CountersignOptions</c>, where each property is described.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    private const string Remedy = "Make one with: openssl rand -base64 32";

    public string? MasterKey { get; set; }

    public string? PreviousMasterKey { get; set; }

    /// <summary>Returns the type's name, never the values: the options hold secrets.</summary>
    public override string ToString() => nameof(KeyOptions);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check(SettingContext context)
    {
        var check = new SettingCheck(SectionName);
        CheckKey(check, nameof(MasterKey), MasterKey);
        CheckKey(check, nameof(PreviousMasterKey), PreviousMasterKey);

        // If the token options have faults, which stop the start, it is unknown whether there is a secret, and so whether a master key is needed.
        if (MasterKey is null && context.Tokens is { SecretKey: null })
        {
            check.Add(nameof(MasterKey), "is missing. It encrypts the keys in the database", Remedy);
        }

        return check.Faults;
    }

    private static void CheckKey(SettingCheck check, string name, string? text)
    {
        if (text is null)
        {
            return;
        }

        if (Keys.MasterKey.TryParse(text, out var parsed, out var fault))
        {
            parsed.Dispose();
        }
        else
        {
            check.Add(name, $"is not a master key: {fault.TrimEnd('.')}", Remedy);
        }
    }
}
