using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

/// <summary>The one place where accounts enter. Every method reads in a scope of its own and tracks nothing.</summary>
internal interface IAccounts
{
    /// <summary>Finds the account that a person names at login, by e-mail address or user name. It costs the same for a name that no account has.</summary>
    Task<SignInLookup> FindByNameAsync(string name, CancellationToken cancellationToken);

    /// <summary>Finds the account of a <c>sub</c>, with what a password check must know.</summary>
    /// <returns>Null if there is none, also where <paramref name="userId"/> is no id at all.</returns>
    Task<SignInAccount?> FindByIdAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Says whether a session may be started for an account: all that a login asks besides the credential.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountStanding?> FindStandingAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Reads what a refresh must know.</summary>
    /// <returns>Null if there is no such account.</returns>
    Task<AccountFacts?> DescribeAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Asks the same for a command of the session writer: where the writer's transaction can read the account itself, nothing is read yet.</summary>
    ValueTask<AccountRead> BeginReadAsync(string userId, CancellationToken cancellationToken);

    /// <summary>Says what a row means that the writer's transaction has read.</summary>
    AccountFacts Describe(AccountRow row);
}

/// <summary>The app's accounts in the database of the sessions, where the writer's transaction can read them.</summary>
internal interface IJoinedAccounts
{
    /// <summary>Looks for the accounts in the model of the sessions' context. After that, transactions read accounts by their keys.</summary>
    /// <param name="contextType">The type of the context that the store of the accounts uses.</param>
    /// <param name="userType">The app's user type, built on Identity's.</param>
    /// <param name="keyType">The type of its id.</param>
    /// <param name="isActive">Says of an account whether it may be used.</param>
    /// <returns>False where a transaction can't read them, or could read something else than <see cref="IAccounts.DescribeAsync"/> does.</returns>
    ValueTask<bool> TryFindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive);
}
