namespace Countersign.Passwords;

/// <summary>
/// A scheme whose stored hashes <see cref="PasswordEngine"/> and <see cref="PasswordHasher"/> do not read by themselves, such as Argon2id. It is only read: whoever logs in with one
/// gets a bcrypt hash in its place. Implementations are safe for use by many threads at once.
/// </summary>
public interface IForeignPasswordScheme
{
    /// <summary>
    /// Reads a stored hash that no built-in format has taken. Here all limits on what it may ask for are checked, before any work and any memory: what is returned may be computed.
    /// </summary>
    /// <param name="storedHash">At most 512 characters of any kind.</param>
    /// <returns>Null when it is another scheme's, malformed or above a limit. Never throws: stored text is data.</returns>
    IForeignPasswordHash? TryParse(string storedHash);
}
