namespace Countersign.Sessions.Accounts;

/// <summary>
/// How a command comes to know its account: it was read before the command was queued, or the writer's transaction reads it once the session's row is locked.
/// </summary>
internal sealed class AccountRead
{
    private readonly AccountFacts? _facts;
    private readonly string? _userId;
    private readonly IAccounts? _accounts;

    /// <summary>An account that was read already.</summary>
    /// <param name="facts">The facts; null if there is no such account.</param>
    public AccountRead(AccountFacts? facts) => _facts = facts;

    /// <summary>An account that the transaction reads.</summary>
    /// <param name="key">Its key in the database.</param>
    /// <param name="userId">Its id, as the token has it.</param>
    /// <param name="accounts">Says what the row means.</param>
    public AccountRead(object key, string userId, IAccounts accounts) => (Key, _userId, _accounts) = (key, userId, accounts);

    /// <summary>The key by which the transaction reads it; null where it was read already.</summary>
    public object? Key { get; }

    /// <summary>What is known of the account.</summary>
    /// <param name="rows">What the transaction has read, by key.</param>
    /// <returns>
    /// Null if there is no such account. Identity reads "0x1" as the number 1, and a database may find "ID" for "id": only the very id names the account.
    /// </returns>
    /// <exception cref="InvalidOperationException">The transaction has not read it.</exception>
    public AccountFacts? FactsIn(IReadOnlyDictionary<object, AccountRow?> rows)
    {
        if (Key is null)
        {
            return _facts;
        }

        // A missing answer must not pass for a missing account, whose sessions end.
        if (!rows.TryGetValue(Key, out var row))
        {
            throw new InvalidOperationException("The account has not been read.");
        }

        return row is not null && string.Equals(row.UserId, _userId, StringComparison.Ordinal) ? _accounts!.Describe(row) : null;
    }
}

/// <summary>An account as its database has it, whatever the app holds in memory. What it means is said by <see cref="AccountFacts"/>.</summary>
internal sealed class AccountRow
{
    private readonly List<string> _roles = [];

    /// <summary>The id, of the accounts' own type.</summary>
    public required object? Key { get; init; }

    /// <summary>Identity's security stamp.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The stored password hash; null if the account has none, or if nobody asked for it.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The e-mail address; null if the account has none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether the account may be used by the app's options alone, which know nothing of Identity's lockout.</summary>
    public required bool IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked, or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>Until when an initial password may be used; null for a password that the person has chosen, or if nobody asked for it.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>The names of its roles; empty if nobody asked for them.</summary>
    public IReadOnlyList<string> Roles => _roles;

    /// <summary>The id as text, the <c>sub</c> of the account's tokens.</summary>
    public string UserId => Key?.ToString() ?? string.Empty;

    /// <summary>Adds a role that the account has; one without a name says nothing.</summary>
    public void AddRole(string? name)
    {
        if (name is not null)
        {
            _roles.Add(name);
        }
    }

    /// <summary>The id alone.</summary>
    public override string ToString() => $"AccountRow {Key}";
}
