namespace Countersign.Passwords;

/// <summary>
/// A scheme whose stored hashes <see cref="PasswordEngine"/> and <see cref="PasswordHasher"/> do not read by themselves, such as Argon2id. It is only read:
/// after the right password the caller puts a hash of <see cref="PasswordEngineOptions.Format"/> in its place. Implementations are safe for use by many threads at once.
/// </summary>
public interface IForeignPasswordScheme
{
    /// <summary>
    /// Reads a stored hash that no built-in format has taken; given to one call as an account's own scheme, also one of Identity's format. Here all limits on
    /// what it may ask for are checked, before any work and any memory: what is returned may be computed.
    /// </summary>
    /// <param name="storedHash">Characters of any kind: at most 512, or any number for an account's own scheme.</param>
    /// <returns>Null when it is another scheme's, malformed or above a limit. Never throws: stored text is data.</returns>
    IForeignPasswordHash? TryParse(string storedHash);
}
