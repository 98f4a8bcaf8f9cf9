using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Passes a hash that the engine has made to Identity's own methods, which hash synchronously. Any other password goes to the registered hasher.
/// </summary>
internal sealed class PreparedPasswordHasher<TUser>(IPasswordHasher<TUser> registered) : IPasswordHasher<TUser>
    where TUser : class
{
    private TUser? _user;
    private string? _password;
    private string? _hash;

    /// <summary>Keeps a hash for exactly one account and password.</summary>
    public void Prepare(TUser user, string password, string hash)
    {
        _user = user;
        _password = password;
        _hash = hash;
    }

    public void Clear() => (_user, _password, _hash) = (null, null, null);

    /// <inheritdoc/>
    public string HashPassword(TUser user, string password) =>
        _hash is not null && ReferenceEquals(user, _user) && string.Equals(password, _password, StringComparison.Ordinal)
            ? _hash
            : registered.HashPassword(user, password);

    /// <inheritdoc/>
    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword) =>
        registered.VerifyHashedPassword(user, hashedPassword, providedPassword);
}
