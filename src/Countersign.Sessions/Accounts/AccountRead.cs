namespace Countersign.Sessions.Accounts;

/// <summary>
/// How a command gets its account. Either the account was read before the command was queued, or the writer's transaction reads it after it has locked the
/// session's row.
/// </summary>
internal sealed class AccountRead
{
    private readonly AccountFacts? _facts;
    private readonly string? _userId;
    private readonly IAccounts? _accounts;

    /// <summary>An account that was read already.</summary>
    /// <param name="facts">The facts; null if there is no such account.</param>
    /// <param name="revision">The number of the feed's last entry, read before the facts.</param>
    public AccountRead(AccountFacts? facts, long revision) => (_facts, Revision) = (facts, revision);

    /// <summary>An account that the transaction reads.</summary>
    /// <param name="key">The account's key in the database.</param>
    /// <param name="userId">The account's id from the token.</param>
    /// <param name="accounts">Interprets the row.</param>
    public AccountRead(object key, string userId, IAccounts accounts) => (Key, _userId, _accounts) = (key, userId, accounts);

    /// <summary>The key by which the transaction reads the account; null if it was already read.</summary>
    public object? Key { get; }

    /// <summary>The number of the feed's last entry when the account was read; null if the transaction reads the account after its own number.</summary>
    public long? Revision { get; }

    /// <summary>Returns the facts about the account.</summary>
    /// <param name="rows">The rows that the transaction has read, by key.</param>
    /// <returns>
    /// Null if there is no such account. The id must match exactly: Identity reads "0x1" as the number 1, and a database may find "ID" for "id".
    /// </returns>
    /// <exception cref="InvalidOperationException">The transaction has not read the account.</exception>
    public AccountFacts? FactsIn(IReadOnlyDictionary<object, AccountRow?> rows)
    {
        if (Key is null)
        {
            return _facts;
        }

        // A missing answer must not count as a missing account, because the sessions of a missing account end.
        if (!rows.TryGetValue(Key, out var row))
        {
            throw new InvalidOperationException("The account has not been read.");
        }

        return row is not null && string.Equals(row.UserId, _userId, StringComparison.Ordinal) ? _accounts!.Describe(row) : null;
    }
}

/// <summary>An account as it is in the database, not as the app has it in memory. <see cref="AccountFacts"/> interprets it.</summary>
internal sealed class AccountRow
{
    private readonly List<string> _roles = [];

    /// <summary>The id, in the type of the account's key.</summary>
    public required object? Key { get; init; }

    /// <summary>Identity's security stamp.</summary>
    public string? SecurityStamp { get; init; }

    /// <summary>The stored password hash; null if the account has none, or if it was not read.</summary>
    public string? PasswordHash { get; init; }

    /// <summary>The user name; null if the account has none.</summary>
    public string? UserName { get; init; }

    /// <summary>The e-mail address; null if the account has none.</summary>
    public string? Email { get; init; }

    /// <summary>Whether Identity takes the e-mail address for confirmed.</summary>
    public bool IsEmailConfirmed { get; init; }

    /// <summary>Whether the app's options allow the use of the account. They do not consider Identity's lockout.</summary>
    public required bool IsActive { get; init; }

    /// <summary>When Identity's lockout ends; null if the account is not locked or can't be.</summary>
    public DateTimeOffset? LockedUntil { get; init; }

    /// <summary>When an initial password expires; null for a password that the person has chosen, or if it was not read.</summary>
    public DateTimeOffset? PasswordExpiresAt { get; init; }

    /// <summary>The names of the account's roles; empty if they were not read.</summary>
    public IReadOnlyList<string> Roles => _roles;

    /// <summary>The id as text. It is the <c>sub</c> of the account's tokens.</summary>
    public string UserId => Key?.ToString() ?? string.Empty;

    /// <summary>Adds a role of the account. A role without a name is ignored.</summary>
    public void AddRole(string? name)
    {
        if (name is not null)
        {
            _roles.Add(name);
        }
    }

    /// <summary>Returns the type's name and the id.</summary>
    public override string ToString() => $"AccountRow {Key}";
}
