using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions.Keys;

/// <summary>
/// The keys that encrypt the keys in the database. An app sets them at the top of <c>CountersignOptions</c>, where each property is described.
/// </summary>
internal sealed class KeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    private const string Remedy = "Make one of 32 random bytes in base64, as with: openssl rand -base64 32";

    public string? MasterKey { get; set; }

    public string? PreviousMasterKey { get; set; }

    /// <summary>The options hold secrets, so their text says nothing about them.</summary>
    public override string ToString() => nameof(KeyOptions);

    /// <summary>Finds all faults.</summary>
    internal IReadOnlyList<SettingFault> Check(SettingContext context)
    {
        var check = new SettingCheck(SectionName);
        CheckKey(check, nameof(MasterKey), MasterKey);
        CheckKey(check, nameof(PreviousMasterKey), PreviousMasterKey);

        // Where the options on tokens have faults, which stop the start, it is not known whether there is a secret, and so a need of keys.
        if (MasterKey is null && context.Tokens is { SecretKey: null })
        {
            check.Add(nameof(MasterKey), "is missing: the keys in the database are encrypted under it", Remedy);
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
            check.Add(name, $"is no master key: {fault.TrimEnd('.')}", Remedy);
        }
    }
}
