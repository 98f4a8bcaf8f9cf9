using Countersign.Sessions.Settings;
using Countersign.Tokens.Settings;

namespace Countersign.Sessions.Keys;

/// <summary>What the keys in the database are encrypted under.</summary>
public sealed class KeyOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth";

    private const string Remedy = "Make one of 32 random bytes in base64, as with: openssl rand -base64 32";

    /// <summary>32 random bytes in base64. Needed unless a shared secret is configured, which leaves no key to keep.</summary>
    public string? MasterKey { get; set; }

    /// <summary>The master key that <see cref="MasterKey"/> replaces: it still decrypts, and encrypts nothing. Null when none is being replaced.</summary>
    public string? PreviousMasterKey { get; set; }

    /// <summary>The options in force give nothing away.</summary>
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
