namespace Countersign.Passwords;

/// <summary>The answer to "is this the password of that stored hash?". The zero value is a refusal.</summary>
public enum PasswordVerification
{
    /// <summary>Wrong password, or a stored hash that is missing, unreadable or above a limit. Never says which.</summary>
    Failed = 0,

    /// <summary>The password is right and its stored hash is what would be written today.</summary>
    Success = 1,

    /// <summary>
    /// The password is right, but its stored hash has another scheme than would be written today, a lower cost, or another Unicode form:
    /// the caller should hash the password again and replace what is stored.
    /// </summary>
    SuccessRehashNeeded = 2,
}
