namespace Countersign.Sessions.Accounts;

/// <summary>An account with the data that a password check needs.</summary>
internal sealed class SignInAccount
{
    /// <summary>The account's id.</summary>
    public required string UserId { get; init; }

    /// <summary>The account in the app's own user type, for the app's own password hasher; null if there is no such type.</summary>
    public object? User { get; init; }

    /// <summary>The stored password hash; null if the account has none.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The stamp, read together with the hash. A session that this check starts must carry it.</summary>
    public required ReadOnlyMemory<byte> Stamp { get; init; }

    /// <summary>Whether the account may be used.</summary>
    public required bool IsActive { get; init; }

    /// <summary>Whether Identity's own lockout prevents new logins now.</summary>
    public bool IsLockedOut { get; init; }

    /// <summary>Whether Identity's own lockout counts the account's wrong passwords.</summary>
    public bool CountsFailedSignIns { get; init; }

    /// <summary>
    /// Whether Identity has counted wrong passwords that a right password resets. For an account with a second factor it resets none, because wrong codes are
    /// counted there too, and only the app's own login knows when the last factor was shown.
    /// </summary>
    public bool MayForgetFailedSignIns { get; init; }

    /// <summary>Returns the type's name and the id.</summary>
    public override string ToString() => $"SignInAccount {UserId}";
}

/// <summary>The result of a search for a name at login.</summary>
/// <param name="Account">The account; null if no account has that name.</param>
/// <param name="LookupName">The name in the form in which accounts are looked up. Two spellings are the same name exactly if this is equal.</param>
internal readonly record struct SignInLookup(SignInAccount? Account, string LookupName);
