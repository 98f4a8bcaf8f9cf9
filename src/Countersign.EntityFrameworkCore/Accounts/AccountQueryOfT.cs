using System.Data.Common;
using System.Linq.Expressions;
using System.Reflection;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>
/// Two statements, the account's row and the names of its roles, tracked by nobody. Joined in one, SQLite would put all of the app's roles together before it looks for the account's.
/// </summary>
/// <param name="database">The app's database.</param>
/// <param name="isActive">What the app's options say of an account.</param>
internal sealed class AccountQuery<TUser, TUserRole, TRole, TKey>(StoreDatabase database, LambdaExpression isActive) : AccountQuery
    where TUser : class
    where TUserRole : class
    where TRole : class
    where TKey : IEquatable<TKey>
{
    private const string Id = "Id";
    private const string UserId = "UserId";
    private const string SecurityStamp = "SecurityStamp";
    private const string Email = "Email";
    private const string LockoutEnabled = "LockoutEnabled";
    private const string LockoutEnd = "LockoutEnd";

    private readonly Expression<Func<TUser, AccountColumns<TKey>>> _columns = Columns(isActive);

    /// <inheritdoc />
    public override async Task PrepareAsync(StoreContext store, CancellationToken cancellationToken)
    {
        if (Translate(store.Context) is { } statements && await AnswersAsync(store, statements, cancellationToken).ConfigureAwait(false))
        {
            Statements = statements;
        }
    }

    /// <inheritdoc />
    public override async Task<AccountRow?> FindAsync(object key, CancellationToken cancellationToken)
    {
        var wanted = (TKey)key;
        var store = database.CreateContext();
        await using (store.ConfigureAwait(false))
        {
            var columns = await store.Context.Set<TUser>().Where(user => EF.Property<TKey>(user, Id).Equals(wanted)).Select(_columns)
                .SingleOrDefaultAsync(cancellationToken).ConfigureAwait(false);
            return columns is null
                ? null
                : new AccountRow
                {
                    Key = columns.Key,
                    SecurityStamp = columns.SecurityStamp,
                    Email = columns.Email,
                    IsActive = columns.IsActive == 1,
                    LockedUntil = columns.LockedUntil,
                    Roles = await Roles(store.Context, store.Context.Set<TUserRole>().Where(link => EF.Property<TKey>(link, UserId).Equals(wanted)))
                        .Select(static role => role.Name).ToListAsync(cancellationToken).ConfigureAwait(false),
                };
        }
    }

    /// <inheritdoc />
    public override AccountAnswers Begin(IReadOnlyCollection<AccountRead> reads) => new AccountAnswers<TKey>(reads, Statements!.TakesSeveral);

    private static Expression<Func<TUser, AccountColumns<TKey>>> Columns(LambdaExpression isActive)
    {
        Expression<Func<TUser, AccountColumns<TKey>>> columns = user => new AccountColumns<TKey>
        {
            Key = EF.Property<TKey>(user, Id),
            SecurityStamp = EF.Property<string?>(user, SecurityStamp),
            Email = EF.Property<string?>(user, Email),
            IsActive = IsActive(user) ? 1 : 0,
            LockedUntil = EF.Property<bool>(user, LockoutEnabled) ? EF.Property<DateTimeOffset?>(user, LockoutEnd) : null,
        };
        return (Expression<Func<TUser, AccountColumns<TKey>>>)new ActivityInliner(isActive).Visit(columns);
    }

    /// <summary>Stands in the query for what the app's options say, and is never run.</summary>
    private static bool IsActive(TUser user) => throw new InvalidOperationException($"Only a query asks this of {user}.");

    private static IQueryable<RoleColumns<TKey>> Roles(DbContext context, IQueryable<TUserRole> links) => links.AsNoTracking().Join(
        context.Set<TRole>(),
        link => EF.Property<TKey>(link, "RoleId"),
        role => EF.Property<TKey>(role, Id),
        (link, role) => new RoleColumns<TKey> { Key = EF.Property<TKey>(link, UserId), Name = EF.Property<string?>(role, "Name") });

    /// <summary>Whether the statement on accounts gives the columns that are read, in their order; a constant, say, would not be among them.</summary>
    private static async Task<bool> AnswersAsync(StoreContext store, AccountStatements statements, CancellationToken cancellationToken)
    {
        object nobody = statements.TakesSeveral ? new[] { Nobody() } : Nobody();
        var user = store.Context.Model.FindEntityType(typeof(TUser))!;
        await store.Context.Database.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        var command = store.Command(statements.Accounts, (statements.AccountsParameter, nobody));
        await using (command.ConfigureAwait(false))
        {
            var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
            await using (reader.ConfigureAwait(false))
            {
                return reader.FieldCount == 5
                    && IsColumn(0, Id, nameof(AccountColumns<>.Key))
                    && IsColumn(1, SecurityStamp, nameof(AccountColumns<>.SecurityStamp))
                    && IsColumn(2, Email, nameof(AccountColumns<>.Email));

                // A column has its own name, or that of the member which is read from it.
                bool IsColumn(int ordinal, string property, string member) => reader.GetName(ordinal) is var name
                    && (string.Equals(name, user.FindProperty(property)!.GetColumnName(), StringComparison.Ordinal)
                        || string.Equals(name, member, StringComparison.Ordinal));
            }
        }
    }

    private static TKey Nobody() => typeof(TKey) == typeof(string) ? (TKey)(object)string.Empty : default!;

    /// <summary>Has the provider write the statements: for several keys at once if it has a parameter for those, for one otherwise.</summary>
    /// <returns>Null if it has a way of its own with parameters.</returns>
    private AccountStatements? Translate(DbContext context)
    {
        // Two, so that a provider which would make a parameter of each shows it.
        List<TKey> keys = [Nobody(), Nobody()];
        var key = Nobody();
        return Translate(
                context,
                user => keys.Contains(EF.Property<TKey>(user, Id)),
                link => keys.Contains(EF.Property<TKey>(link, UserId)),
                static value => value is IEnumerable<TKey>,
                takesSeveral: true)
            ?? Translate(
                context,
                user => EF.Property<TKey>(user, Id).Equals(key),
                link => EF.Property<TKey>(link, UserId).Equals(key),
                static value => value is TKey,
                takesSeveral: false);
    }

    private AccountStatements? Translate(
        DbContext context, Expression<Func<TUser, bool>> isWanted, Expression<Func<TUserRole, bool>> isOfWanted, Predicate<object?> isParameter, bool takesSeveral)
    {
        using var accounts = context.Set<TUser>().Where(isWanted).Select(_columns).CreateDbCommand();
        using var roles = Roles(context, context.Set<TUserRole>().Where(isOfWanted)).CreateDbCommand();
        return IsFit(accounts) && IsFit(roles)
            ? new AccountStatements(
                accounts.CommandText, accounts.Parameters[0].ParameterName, roles.CommandText, roles.Parameters[0].ParameterName, takesSeveral)
            : null;

        bool IsFit(DbCommand command) => command.Parameters.Count == 1 && isParameter(command.Parameters[0].Value);
    }

    /// <summary>Puts the app's own expression in the place of <see cref="IsActive"/>.</summary>
    private sealed class ActivityInliner(LambdaExpression isActive) : ExpressionVisitor
    {
        private static readonly MethodInfo Placeholder = ((Func<TUser, bool>)IsActive).Method;

        protected override Expression VisitMethodCall(MethodCallExpression node) =>
            node.Method == Placeholder ? new ParameterReplacer(isActive.Parameters[0], node.Arguments[0]).Visit(isActive.Body) : base.VisitMethodCall(node);
    }
}
