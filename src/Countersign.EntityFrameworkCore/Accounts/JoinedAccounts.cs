using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Finds the app's accounts in the sessions' database, and keeps the result for the store's transactions.</summary>
internal sealed class JoinedAccounts(StoreDatabase database) : IJoinedAccounts
{
    private volatile AccountTables? _tables;

    /// <summary>The tables of the accounts.</summary>
    /// <exception cref="InvalidOperationException">The tables have not been found.</exception>
    public AccountTables Tables => _tables ?? throw new InvalidOperationException("The accounts have not been found in the sessions' database.");

    /// <inheritdoc />
    public async ValueTask<bool> TryFindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive)
    {
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            // Two contexts may map the same user type to two databases. Only the store's own context has the accounts' database.
            _tables = store.Context.GetType() == contextType ? AccountTables.Find(store.Context, userType, keyType, isActive) : null;
            return _tables is not null;
        }
    }
}
