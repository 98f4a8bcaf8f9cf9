using System.Diagnostics.CodeAnalysis;

namespace Countersign.Passwords;

/// <summary>
/// A format of stored hashes that lets <see cref="PasswordEngine"/> and <see cref="PasswordHasher"/> read further stored hashes, such as Argon2id. It only
/// reads: after the right password the caller replaces the stored hash by one of <see cref="PasswordEngineOptions.Format"/>. Implementations must be safe for
/// use by many threads at once.
/// </summary>
public interface IPasswordHashFormat
{
    /// <summary>
    /// Reads a stored hash that no built-in format can read. A format that is given to one call as the account's own is also asked for hashes in
    /// Identity's format. This method must check all limits on the hash's parameters before it does work or allocates memory: a hash that it returns may be
    /// computed.
    /// </summary>
    /// <param name="storedHash">Any characters: at most 512, or any number for an account's own format.</param>
    /// <param name="hash">The hash that was read.</param>
    /// <returns>False if the text is in another format, is malformed or is above a limit. It must not throw: stored text is data.</returns>
    bool TryParse(string storedHash, [NotNullWhen(true)] out IStoredPasswordHash? hash);
}
