using System.Linq.Expressions;
using System.Reflection;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>One projection: the accounts' rows and the names of their roles, in one statement, tracked by nobody. Accounts asked for at the same moment share it.</summary>
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
    private readonly Func<DbContext, List<TKey>, IAsyncEnumerable<AccountRow>> _query;
    private readonly GatheredReads<TKey, AccountRow>? _gathered;

    /// <param name="database">The app's database.</param>
    /// <param name="isActive">What the app's options say of an account.</param>
    /// <param name="isFiltered">Whether the model filters what is asked for, by whatever a request may bring along: then no read may share another's query.</param>
    public AccountQuery(StoreDatabase database, LambdaExpression isActive, bool isFiltered)
    {
        _database = database;
        Expression<Func<DbContext, List<TKey>, IQueryable<AccountRow>>> query = (context, keys) => context.Set<TUser>()
            .AsNoTracking()
            .AsSingleQuery()
            .Where(user => keys.Contains(EF.Property<TKey>(user, "Id")))
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
        query = (Expression<Func<DbContext, List<TKey>, IQueryable<AccountRow>>>)new ActivityInliner(isActive).Visit(query);
        bool isSelfContained = SelfContained.Is(isActive);
        if (isSelfContained)
        {
            _query = EF.CompileAsyncQuery(query);
        }
        else
        {
            var build = query.Compile();
            _query = (context, keys) => build(context, keys).AsAsyncEnumerable();
        }

        _gathered = isSelfContained && !isFiltered ? new GatheredReads<TKey, AccountRow>(keys => ReadAsync(keys, CancellationToken.None)) : null;
    }

    /// <inheritdoc />
    public override async Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken) => _gathered is null
        ? (await ReadAsync([(TKey)key], cancellationToken).ConfigureAwait(false)).GetValueOrDefault((TKey)key)
        : await _gathered.ReadAsync((TKey)key, cancellationToken).ConfigureAwait(false);

    private async Task<IReadOnlyDictionary<TKey, AccountRow>> ReadAsync(List<TKey> keys, CancellationToken cancellationToken)
    {
        var store = _database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            Dictionary<TKey, AccountRow> found = new(keys.Count);
            await foreach (var row in _query(store.Context, keys).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                found[(TKey)row.Key!] = row;
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
