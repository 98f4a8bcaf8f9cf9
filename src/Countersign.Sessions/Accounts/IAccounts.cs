using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

/// <summary>Reads the app's accounts. Each method uses its own scope and tracks nothing.</summary>
internal interface IAccounts
{
    /// <summary>Finds the account that a person names at login, by e-mail address or user name. It does the same work if no account has that name.</summary>
    Task<SignInLookup> FindByNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>Finds the account of a <c>sub</c>, with the data that a password check needs.</summary>
    /// <returns>Null if there is none, or if <paramref name="userId"/> is not a valid id.</returns>
    Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Finds out whether a session may be started for an account: all checks of a login except the credential.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountStanding?> FindStandingAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Reads the facts that a refresh needs.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Finds out whether the session writer's transaction can read the account itself. Nothing is read.</summary>
    /// <returns>Null if it can't, or if <paramref name="userId"/> is not a valid id.</returns>
    ValueTask<AccountRead?> FindJoinedAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Interprets a row that the writer's transaction has read.</summary>
    AccountFacts Describe(AccountRow row);
}

/// <summary>The app's accounts, if they are in the database of the sessions, so that the writer's transaction can read them.</summary>
internal interface IJoinedAccounts
{
    /// <summary>Looks for the accounts in the model of the sessions' context. If it finds them, transactions read accounts by their keys.</summary>
    /// <param name="contextType">The type of the context that the account store uses.</param>
    /// <param name="userType">The app's user type, derived from Identity's.</param>
    /// <param name="keyType">The type of the user's id.</param>
    /// <param name="isActive">Finds out whether an account may be used.</param>
    /// <returns>False if a transaction can't read the accounts, or could read other data than <see cref="IAccounts.DescribeAsync"/>.</returns>
    ValueTask<bool> TryFindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive);
}
