using Countersign.Passwords.Rules;

namespace Countersign.Passwords;

/// <summary>Settings of <see cref="PasswordRules"/>. Its constructor reads them once.</summary>
public sealed class PasswordRuleOptions
{
    /// <summary>Name of the configuration section of these settings.</summary>
    public const string SectionName = "Auth:PasswordRules";

    /// <summary>
    /// Fewest characters, counted as Unicode scalar values of the NFC form. Range 8 to 64, default 8 (ASVS 6.2.1). NIST SP 800-63B-4 §3.1.1.1 asks for 15 if
    /// the password is the only factor.
    /// </summary>
    public int MinimumLength { get; set; } = 8;

    /// <summary>
    /// Most bytes of UTF-8, as sent and in NFC. Range 256 (64 characters of four bytes, ASVS 6.2.9) to 4096. The default is 4096, the most that the engine
    /// hashes.
    /// </summary>
    public int MaxBytes { get; set; } = 4096;

    /// <summary>
    /// Words that attackers would try here, such as the names of the product, the organisation and the place (ASVS 6.2.11). Case does not matter. Default:
    /// none.
    /// </summary>
    public IList<string> ContextWords { get; } = [];

    /// <summary>Finds all faults.</summary>
    internal OptionCheck Check()
    {
        var check = new OptionCheck();
        check.Range(nameof(MinimumLength), MinimumLength, 8, 64, "a whole number");
        check.Range(nameof(MaxBytes), MaxBytes, 256, PasswordBytes.MaxBytes, "a whole number");
        return check;
    }
}
