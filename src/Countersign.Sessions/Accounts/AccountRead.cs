namespace Countersign.Sessions.Accounts;

/// <summary>What a refresh asks of an account: read before it is queued, or by the writer's transaction, once the session's row is locked.</summary>
internal sealed class AccountRead
{
    private readonly string? _userId;
    private readonly Func<AccountRow, string, AccountFacts?>? _describe;
    private AccountFacts? _facts;
    private bool _isAnswered;

    /// <summary>Asks for an account in the writer's transaction.</summary>
    /// <param name="query">How it is read.</param>
    /// <param name="key">Its key in the database.</param>
    /// <param name="userId">Its id, as the token has it.</param>
    /// <param name="describe">Makes the facts of a row and that id; null where the row is another account's.</param>
    public AccountRead(IAccountQuery query, object key, string userId, Func<AccountRow, string, AccountFacts?> describe) =>
        (Query, Key, _userId, _describe) = (query, key, userId, describe);

    /// <summary>What was read already.</summary>
    /// <param name="facts">The facts; null if there is no such account.</param>
    public AccountRead(AccountFacts? facts) => (_facts, _isAnswered) = (facts, true);

    /// <summary>How the transaction reads it; null where it was read already.</summary>
    public IAccountQuery? Query { get; }

    /// <summary>The key by which the transaction reads it; null where it was read already.</summary>
    public object? Key { get; }

    /// <summary>What was found; null if there is no such account.</summary>
    /// <exception cref="InvalidOperationException">Nothing was read yet.</exception>
    public AccountFacts? Facts => _isAnswered ? _facts : throw new InvalidOperationException("The account has not been read.");

    /// <summary>Takes in the row. A transaction that is tried again reads again: its last answer counts.</summary>
    /// <param name="row">The row; null if there is none.</param>
    public void Answer(AccountRow? row) => (_facts, _isAnswered) = (row is null ? null : _describe!(row, _userId!), true);
}
