namespace Countersign.Passwords;

/// <summary>The result of comparing a password with a stored hash. The zero value means failure.</summary>
public enum PasswordVerification
{
    /// <summary>The password is wrong, or the stored hash is missing, unreadable or above a limit. It never says which.</summary>
    Failed = 0,

    /// <summary>The password is right, and a new hash would be alike.</summary>
    Success = 1,

    /// <summary>
    /// The password is right, but its stored hash has another scheme than new hashes, a lower cost, or another Unicode form. The caller should hash the
    /// password again and replace the stored hash.
    /// </summary>
    SuccessRehashNeeded = 2,
}
