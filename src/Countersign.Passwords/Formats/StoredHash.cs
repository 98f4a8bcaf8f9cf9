namespace Countersign.Passwords.Formats;

/// <summary>
/// A stored hash that a password is compared with. All limits are checked when it is read, so an existing object may always be computed.
/// </summary>
internal abstract class StoredHash
{
    /// <summary>Longest stored text that is read. The longest that this library writes has 84 characters.</summary>
    public const int MaxLength = 512;

    /// <summary>The bcrypt cost in the hash; null when it is not based on bcrypt.</summary>
    public virtual int? Cost => null;

    /// <summary>The cost of one comparison in bcrypt rounds; an estimate for other schemes.</summary>
    public abstract long Rounds { get; }

    /// <summary>
    /// Reads a stored hash with the built-in formats, then with the additional schemes. Null if it is missing, unknown, malformed or above a limit; never
    /// throws.
    /// </summary>
    public static StoredHash? TryParse(string? text, int maxCost, params IReadOnlyList<IPasswordHashFormat> schemes) =>
        string.IsNullOrEmpty(text) || text.Length > MaxLength ? null : TryParseBuiltIn(text, maxCost) ?? PluggedHash.TryParse(text, schemes);

    private static StoredHash? TryParseBuiltIn(string text, int maxCost)
    {
        // Each format begins differently, so at most one can fit.
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
