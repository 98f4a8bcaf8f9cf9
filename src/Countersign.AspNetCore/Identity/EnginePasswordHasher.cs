using Countersign.Passwords;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>
/// Identity's synchronous interface to the same hashes, for code that calls <c>IPasswordHasher</c> itself, and for an app whose
/// <see cref="UserManager{TUser}"/> is not derived from <see cref="CountersignUserManager{TUser}"/>. It blocks the calling thread and has no queue.
/// </summary>
internal sealed class EnginePasswordHasher<TUser>(IOptions<PasswordEngineOptions> options) : IPasswordHasher<TUser>
    where TUser : class
{
    private readonly Lazy<PasswordHasher> _hasher = new(() => new PasswordHasher(options.Value));

    /// <inheritdoc/>
    public string HashPassword(TUser user, string password) => _hasher.Value.Hash(password);

    /// <inheritdoc/>
    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword) =>
        _hasher.Value.Verify(providedPassword, hashedPassword) switch
        {
            PasswordVerification.Success => PasswordVerificationResult.Success,
            PasswordVerification.SuccessRehashNeeded => PasswordVerificationResult.SuccessRehashNeeded,
            _ => PasswordVerificationResult.Failed,
        };
}
