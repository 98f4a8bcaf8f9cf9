namespace Countersign.Sessions.Accounts;

/// <summary>An account as a password check sees it.</summary>
internal sealed class SignInAccount
{
    /// <summary>The account's id.</summary>
    public required string UserId { get; init; }

    /// <summary>The account as the app's own type has it, which is what the app's own password hasher is asked with; null if there is no such type.</summary>
    public object? User { get; init; }

    /// <summary>The stored password hash; null if the account has none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>Read together with the hash: what a session started by this check must carry.</summary>
    public required ReadOnlyMemory<byte> Stamp { get; init; }

    /// <summary>Whether the account may be used.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Whether Identity's own lockout bars new logins now.</summary>
    public bool IsLockedOut { get; init; }

    /// <summary>Whether Identity's own lockout counts the account's wrong passwords.</summary>
    public bool CountsFailedSignIns { get; init; }

    /// <summary>
    /// Whether it has counted some that a right password sets back. For an account with a second factor it sets none back: wrong codes are counted there too,
    /// and only the app's own login knows when the last factor was shown.
    /// </summary>
    public bool MayForgetFailedSignIns { get; init; }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"SignInAccount {UserId}";
}

/// <summary>What a name at login has led to.</summary>
/// <param name="Account">The account; null if there is none of that name.</param>
/// <param name="LookupName">The name in the form in which accounts are looked up: two spellings are one name exactly where this is equal.</param>
internal readonly record struct SignInLookup(SignInAccount? Account, string LookupName);
