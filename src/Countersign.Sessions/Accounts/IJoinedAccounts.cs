using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

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
