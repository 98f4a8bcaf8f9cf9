using System.Linq.Expressions;
using System.Reflection;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>One compiled projection: the account's row and the names of its roles, tracked by nobody.</summary>
internal sealed class AccountQuery<TUser, TUserRole, TRole, TKey> : AccountQuery
    where TUser : class
    where TUserRole : class
    where TRole : class
    where TKey : IEquatable<TKey>
{
    private readonly StoreDatabase _database;
    private readonly Func<DbContext, TKey, CancellationToken, Task<AccountRow?>> _find;

    public AccountQuery(StoreDatabase database, LambdaExpression isActive)
    {
        _database = database;
        Expression<Func<DbContext, TKey, CancellationToken, AccountRow?>> query = (context, key, cancellationToken) => context.Set<TUser>()
            .AsNoTracking()
            .Where(user => EF.Property<TKey>(user, "Id").Equals(key))
            .Select(user => new AccountRow
            {
                Key = EF.Property<TKey>(user, "Id"),
                SecurityStamp = EF.Property<string?>(user, "SecurityStamp"),
                Email = EF.Property<string?>(user, "Email"),
                IsActive = IsActive(user),
                Roles = context.Set<TUserRole>()
                    .Where(link => EF.Property<TKey>(link, "UserId").Equals(EF.Property<TKey>(user, "Id")))
                    .Join(
                        context.Set<TRole>(),
                        link => EF.Property<TKey>(link, "RoleId"),
                        role => EF.Property<TKey>(role, "Id"),
                        (link, role) => EF.Property<string?>(role, "Name"))
                    .ToList(),
            })
            .FirstOrDefault();
        _find = EF.CompileAsyncQuery((Expression<Func<DbContext, TKey, CancellationToken, AccountRow?>>)new ActivityInliner(isActive).Visit(query));
    }

    /// <inheritdoc />
    public override async Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken)
    {
        var store = _database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            return await _find(store.Context, (TKey)key, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Stands in the query for what the app's options say, and is never run.</summary>
    private static bool IsActive(TUser user) => throw new InvalidOperationException($"Only a query asks this of {user}.");

    /// <summary>Puts the app's own expression in the place of <see cref="IsActive"/>.</summary>
    private sealed class ActivityInliner(LambdaExpression isActive) : ExpressionVisitor
    {
        private static readonly MethodInfo Placeholder = ((Func<TUser, bool>)IsActive).Method;

        protected override Expression VisitMethodCall(MethodCallExpression node) =>
            node.Method == Placeholder ? new ParameterReplacer(isActive.Parameters[0], node.Arguments[0]).Visit(isActive.Body) : base.VisitMethodCall(node);
    }

    private sealed class ParameterReplacer(ParameterExpression parameter, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
    }
}
