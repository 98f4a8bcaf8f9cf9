using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

/// <summary>Reads accounts with one query each, where the store of the sessions and that of the accounts are one database.</summary>
internal interface IAccountQueries
{
    /// <summary>Compiles the query for an app's user type.</summary>
    /// <param name="userType">A type built on Identity's, whose columns are known.</param>
    /// <param name="keyType">The type of its id.</param>
    /// <param name="isActive">Says of an account whether it may be used.</param>
    /// <returns>Reads an account by its key, null for one that is not there; null if the database does not hold such accounts and their roles.</returns>
    Func<object, CancellationToken, Task<AccountRow?>>? Compile(Type userType, Type keyType, LambdaExpression isActive);
}
