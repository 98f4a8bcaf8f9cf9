using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Finds Identity's tables in the app's model, for what a refresh asks of them.</summary>
internal sealed class AccountQueries(StoreDatabase database) : IAccountQueries
{
    // By name: this package works without Identity's, and an app that has none has no such tables either.
    private const string UserRoleType = "Microsoft.AspNetCore.Identity.IdentityUserRole`1";
    private const string RoleType = "Microsoft.AspNetCore.Identity.IdentityRole`1";

    /// <inheritdoc />
    public async ValueTask<IAccountQuery?> FindAsync(Type contextType, Type userType, Type keyType, LambdaExpression isActive)
    {
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            // Two contexts may map the same user type on two databases, of which only the store's is the accounts' own.
            if (store.Context.GetType() != contextType)
            {
                return null;
            }

            var model = store.Context.Model;
            if (model.FindEntityType(userType) is not { } user
                || FindBuiltOn(model, UserRoleType, keyType) is not { } userRole
                || FindBuiltOn(model, RoleType, keyType) is not { } role
                || !Has(user, ("Id", keyType), ("SecurityStamp", typeof(string)), ("Email", typeof(string)), ("LockoutEnabled", typeof(bool)), ("LockoutEnd", typeof(DateTimeOffset?)))
                || !Has(userRole, ("UserId", keyType), ("RoleId", keyType))
                || !Has(role, ("Id", keyType), ("Name", typeof(string))))
            {
                return null;
            }

            var type = typeof(AccountQuery<,,,>).MakeGenericType(userType, userRole.ClrType, role.ClrType, keyType);
            var query = (AccountQuery)Activator.CreateInstance(type, database, isActive)!;

            // What depends on anything but the account, by the app's expression or by a filter of its model, is asked anew each time: prepared, a clock or a
            // setting would become what it was at the first refresh, and an account that has since become inactive would stay active until the next start.
            if (SelfContained.Is(isActive, type => HaveColumns(model.FindEntityTypes(type))) && !IsFiltered(user) && !IsFiltered(userRole) && !IsFiltered(role)
                && ArePlain(user, "Id", "SecurityStamp", "Email", "LockoutEnabled", "LockoutEnd") && ArePlain(userRole, "UserId", "RoleId") && ArePlain(role, "Id", "Name"))
            {
                await query.PrepareAsync(store, CancellationToken.None).ConfigureAwait(false);
            }

            return query;
        }
    }

    private static bool Has(IEntityType entity, params ReadOnlySpan<(string Name, Type Type)> columns)
    {
        foreach (var (name, type) in columns)
        {
            if (entity.FindProperty(name)?.ClrType != type)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether the members of a type are columns of their own: a part of a JSON document is converted at each read, on which a database can fail.</summary>
    private static bool HaveColumns(IEnumerable<IEntityType> entities) => entities.Any() && entities.All(static entity => !entity.IsMappedToJson());

    private static bool IsFiltered(IEntityType entity) => entity.GetDeclaredQueryFilters().Count > 0 || entity.GetRootType().GetDeclaredQueryFilters().Count > 0;

    /// <summary>Whether the database has the values as they are, and not in another form that only Entity Framework knows.</summary>
    private static bool ArePlain(IEntityType entity, params ReadOnlySpan<string> properties)
    {
        foreach (var name in properties)
        {
            if (entity.FindProperty(name)!.GetTypeMapping().Converter is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The one mapped type that is, or derives from, a generic type of Identity's over the key.</summary>
    private static IEntityType? FindBuiltOn(IModel model, string name, Type keyType)
    {
        var found = model.GetEntityTypes().Where(entity => IsBuiltOn(entity.ClrType, name, keyType)).ToList();
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
