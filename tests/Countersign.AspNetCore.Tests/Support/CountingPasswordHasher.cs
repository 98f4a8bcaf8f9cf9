using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Tests.Support;

/// <summary>An app's own hasher, which counts how often it is asked: by us, never.</summary>
internal sealed class CountingPasswordHasher<TUser> : IPasswordHasher<TUser>
    where TUser : class
{
    private readonly PasswordHasher<TUser> _hasher = new();
    private int _calls;

    public int Calls => _calls;

    public string HashPassword(TUser user, string password)
    {
        Interlocked.Increment(ref _calls);
        return _hasher.HashPassword(user, password);
    }

    public PasswordVerificationResult VerifyHashedPassword(TUser user, string hashedPassword, string providedPassword)
    {
        Interlocked.Increment(ref _calls);
        return _hasher.VerifyHashedPassword(user, hashedPassword, providedPassword);
    }
}
