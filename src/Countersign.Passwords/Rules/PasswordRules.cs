using System.Globalization;
using System.Text;

namespace Countersign.Passwords.Rules;

/// <summary>
/// Checks new passwords at sign-up, change and reset, never at login. It checks length, a list of common passwords, the account's own names and context words.
/// Whole passwords are compared, not parts of them (NIST SP 800-63B-4 §3.1.1.2). Safe for use by many threads at once.
/// </summary>
public sealed class PasswordRules
{
    private readonly int _minimumLength;
    private readonly int _maxBytes;
    private readonly HashSet<string> _contextWords;

    /// <summary>Makes the rules from the options, which are read only here.</summary>
    /// <exception cref="ArgumentException">A setting is outside its range. The parameter's name is that of the setting.</exception>
    public PasswordRules(PasswordRuleOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check().ThrowIfFaulty(nameof(PasswordRuleOptions));
        _minimumLength = options.MinimumLength;
        _maxBytes = options.MaxBytes;
        _contextWords = options.ContextWords.Select(Bare).Where(word => word.Length > 0).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Returns all rules that the password breaks.</summary>
    /// <param name="password">Any text, as it was sent.</param>
    /// <param name="email">The account's e-mail address. Null: not compared.</param>
    /// <param name="userName">The account's user name. Null: not compared.</param>
    /// <returns>Empty when the password is fine.</returns>
    public IReadOnlyList<PasswordRuleViolation> Check(string password, string? email = null, string? userName = null)
    {
        ArgumentNullException.ThrowIfNull(password);

        // The length in UTF-16 units alone refuses long text before it is read.
        if (password.Length > _maxBytes)
        {
            return [TooLong()];
        }

        if (!PasswordBytes.IsUnicode(password))
        {
            return [new(PasswordRule.NotUnicode, "password_not_unicode", "Use characters only: this text is damaged.")];
        }

        string normalized = password.Normalize(NormalizationForm.FormC);
        return Encoding.UTF8.GetByteCount(password) > _maxBytes || Encoding.UTF8.GetByteCount(normalized) > _maxBytes
            ? [TooLong()]
            : CheckText(normalized, email, userName);
    }

    /// <summary>
    /// Checks that the new password differs from the current one. Call it after the current password was found right: then it reveals nothing that the caller
    /// did not send.
    /// </summary>
    /// <param name="currentPassword">The current password, as it was sent.</param>
    /// <param name="newPassword">The new one, as it was sent.</param>
    /// <returns>A violation if both are the same text in NFC. Null if they differ, or if one of them can't be a password.</returns>
    public static PasswordRuleViolation? CheckChange(string currentPassword, string newPassword)
    {
        ArgumentNullException.ThrowIfNull(currentPassword);
        ArgumentNullException.ThrowIfNull(newPassword);
        using PasswordBytes current = PasswordBytes.Of(currentPassword), next = PasswordBytes.Of(newPassword);
        return current.IsHashable && next.IsHashable && current.Normalized.SequenceEqual(next.Normalized)
            ? new(PasswordRule.Unchanged, "password_unchanged", "Use another password: this one is the current one.")
            : null;
    }

    private List<PasswordRuleViolation> CheckText(string password, string? email, string? userName)
    {
        List<PasswordRuleViolation> violations = [];
        if (password.EnumerateRunes().Count() < _minimumLength)
        {
            violations.Add(
                new(PasswordRule.TooShort, "password_too_short", string.Create(CultureInfo.InvariantCulture, $"Use at least {_minimumLength} characters.")));
        }

        if (CommonPasswords.Contains(password))
        {
            violations.Add(new(PasswordRule.Common, "password_common", "Use another password: this one is among the most common."));
        }

        if (IsAccount(password, email, userName))
        {
            violations.Add(new(PasswordRule.ContainsAccount, "password_contains_account", "Use a password that is not your e-mail address or user name."));
        }

        if (_contextWords.Contains(Bare(password)))
        {
            violations.Add(new(PasswordRule.ContextWord, "password_context_word", "Use another password: this one is easy to guess here."));
        }

        return violations;
    }

    private static bool IsAccount(string password, string? email, string? userName)
    {
        if (Same(password, email) || Same(password, userName))
        {
            return true;
        }

        int at = email?.LastIndexOf('@') ?? -1;
        return at > 0 && Same(password, email![..at]);
    }

    private static bool Same(string password, string? name) =>
        !string.IsNullOrEmpty(name)
        && PasswordBytes.IsUnicode(name)
        && string.Equals(password, name.Normalize(NormalizationForm.FormC), StringComparison.OrdinalIgnoreCase);

    /// <summary>The word without what people put around it: "2026", "!", "123".</summary>
    private static string Bare(string text)
    {
        int start = 0, end = text.Length;
        while (start < end && !char.IsLetter(text[start]) && !char.IsSurrogate(text[start]))
        {
            start++;
        }

        while (end > start && !char.IsLetter(text[end - 1]) && !char.IsSurrogate(text[end - 1]))
        {
            end--;
        }

        return text[start..end];
    }

    private PasswordRuleViolation TooLong() =>
        new(PasswordRule.TooLong, "password_too_long", string.Create(CultureInfo.InvariantCulture, $"Use a shorter password: at most {_maxBytes} bytes."));
}
