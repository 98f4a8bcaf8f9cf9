using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Finds the app's accounts in the sessions' database, and keeps for the store's transactions what it has found.</summary>
internal sealed class JoinedAccounts(StoreDatabase database) : IJoinedAccounts
{
    private volatile AccountTables? _tables;

    /// <summary>Where the accounts are.</summary>
    /// <exception cref="InvalidOperationException">They have not been found.</exception>
    public AccountTables Tables => _tables ?? throw new InvalidOperationException("The accounts have not been found in the sessions' database.");

    /// <inheritdoc />
    public async ValueTask<bool> TryFindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive)
    {
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            // Two contexts may map the same user type on two databases, of which only the store's is the accounts' own.
            _tables = store.Context.GetType() == contextType ? AccountTables.Find(store.Context, userType, keyType, isActive) : null;
            return _tables is not null;
        }
    }
}
