namespace Countersign.Passwords.Formats;

/// <summary>
/// A stored hash that was read: what a password is compared with. Reading it is where all limits are checked, so whatever exists may be computed.
/// </summary>
internal abstract class StoredHash
{
    /// <summary>Longest stored text that is looked at. The longest that this library writes has 84 characters.</summary>
    public const int MaxLength = 512;

    /// <summary>bcrypt cost that the hash names; null when it is not bcrypt at its core.</summary>
    public virtual int? Cost => null;

    /// <summary>How much one comparison costs in bcrypt rounds; about how much where it is not bcrypt.</summary>
    public abstract long Rounds { get; }

    /// <summary>Reads a stored hash of a built-in format, else of a scheme that was plugged in. Null when it is missing, unknown, malformed or above a limit; never throws.</summary>
    public static StoredHash? TryParse(string? text, int maxCost, params IReadOnlyList<IForeignPasswordScheme> schemes) =>
        string.IsNullOrEmpty(text) || text.Length > MaxLength ? null : TryParseBuiltIn(text, maxCost) ?? PluggedHash.TryParse(text, schemes);

    private static StoredHash? TryParseBuiltIn(string text, int maxCost)
    {
        // Each format has a beginning of its own, so at most one can fit.
        return text switch
        {
            ['$', '2', ..] => BcryptHash.TryParse(text, maxCost),
            _ when text.StartsWith(BcryptSha256Hash.Prefix, StringComparison.Ordinal) => BcryptSha256Hash.TryParse(text, maxCost),
            _ when text.StartsWith(PasslibPbkdf2Format.Prefix, StringComparison.Ordinal) => PasslibPbkdf2Format.TryParse(text),
            _ when text.StartsWith(DjangoPbkdf2Format.Prefix, StringComparison.Ordinal) => DjangoPbkdf2Format.TryParse(text),
            _ => IdentityFormat.TryParse(text),
        };
    }
}
