using System.Linq.Expressions;
using System.Reflection;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>One projection: the account's row and the names of its roles, in one statement, tracked by nobody.</summary>
/// <remarks>
/// It is compiled only where the app's expression looks at nothing but the account. Compiling would turn what else it captures (a clock, a setting) into
/// constants at the first refresh, and an account that has since become inactive would stay active until the next start.
/// </remarks>
internal sealed class AccountQuery<TUser, TUserRole, TRole, TKey> : AccountQuery
    where TUser : class
    where TUserRole : class
    where TRole : class
    where TKey : IEquatable<TKey>
{
    private readonly StoreDatabase _database;
    private readonly Func<DbContext, TKey, IAsyncEnumerable<AccountRow>> _query;

    public AccountQuery(StoreDatabase database, LambdaExpression isActive)
    {
        _database = database;
        Expression<Func<DbContext, TKey, IQueryable<AccountRow>>> query = (context, key) => context.Set<TUser>()
            .AsNoTracking()
            .AsSingleQuery()
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
            });
        query = (Expression<Func<DbContext, TKey, IQueryable<AccountRow>>>)new ActivityInliner(isActive).Visit(query);
        if (SelfContained.Is(isActive))
        {
            _query = EF.CompileAsyncQuery(query);
        }
        else
        {
            var build = query.Compile();
            _query = (context, key) => build(context, key).AsAsyncEnumerable();
        }
    }

    /// <inheritdoc />
    public override async Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken)
    {
        var store = _database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            // The key is unique: there is one row or none.
            AccountRow? found = null;
            await foreach (var row in _query(store.Context, (TKey)key).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                found = row;
            }

            return found;
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
}
