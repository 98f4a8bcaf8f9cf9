namespace Countersign.Sessions.Accounts;

/// <summary>Reads accounts of one type from the database that holds the sessions too.</summary>
internal interface IAccountQuery
{
    /// <summary>
    /// Whether the writer's transaction can read by it. It can where its statements are the same at every refresh; what depends on anything but the account is asked by itself.
    /// </summary>
    bool CanJoin { get; }

    /// <summary>Reads one account by itself.</summary>
    /// <param name="key">Its key, of the accounts' own type.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    /// <returns>Null if there is none.</returns>
    Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken);
}
