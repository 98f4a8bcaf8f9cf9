using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

/// <summary>Reads accounts straight from their tables, where the store of the sessions and that of the accounts are one database.</summary>
internal interface IAccountQueries
{
    /// <summary>Finds the query for an app's user type.</summary>
    /// <param name="contextType">The type of the context that the store of the accounts really uses.</param>
    /// <param name="userType">A type built on Identity's, whose columns are known.</param>
    /// <param name="keyType">The type of its id.</param>
    /// <param name="isActive">Says of an account whether it may be used.</param>
    /// <returns>Null if the accounts are kept elsewhere than the sessions, or without the columns that it reads.</returns>
    ValueTask<IAccountQuery?> FindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive);
}
