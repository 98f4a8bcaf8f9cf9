using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Finds Identity's tables in the app's model and compiles the one query that a refresh asks of them.</summary>
internal sealed class AccountQueries(StoreDatabase database) : IAccountQueries
{
    // By name: this package works without Identity's, and an app that has none has no such tables either.
    private const string UserRoleType = "Microsoft.AspNetCore.Identity.IdentityUserRole`1";
    private const string RoleType = "Microsoft.AspNetCore.Identity.IdentityRole`1";

    /// <inheritdoc />
    public Func<object, CancellationToken, Task<AccountRow?>>? Compile(Type userType, Type keyType, LambdaExpression isActive)
    {
        using var store = database.CreateContext();
        var model = store.Context.Model;
        if (model.FindEntityType(userType) is null || FindBuiltOn(model, UserRoleType, keyType) is not { } userRole || FindBuiltOn(model, RoleType, keyType) is not { } role)
        {
            return null;
        }

        var type = typeof(AccountQuery<,,,>).MakeGenericType(userType, userRole, role, keyType);
        return ((AccountQuery)Activator.CreateInstance(type, database, isActive)!).FindAsync;
    }

    /// <summary>The one mapped type that is, or derives from, a generic type of Identity's over the key.</summary>
    private static Type? FindBuiltOn(IModel model, string name, Type keyType)
    {
        var found = model.GetEntityTypes().Select(static entity => entity.ClrType).Where(type => IsBuiltOn(type, name, keyType)).Distinct().ToList();
        return found.Count == 1 ? found[0] : null;
    }

    private static bool IsBuiltOn(Type? type, string name, Type keyType)
    {
        for (; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType
                && string.Equals(type.GetGenericTypeDefinition().FullName, name, StringComparison.Ordinal)
                && type.GenericTypeArguments[0] == keyType)
            {
                return true;
            }
        }

        return false;
    }
}
