using System.ComponentModel;
using System.Linq.Expressions;
using Countersign.Sessions.Accounts;
using Microsoft.AspNetCore.Identity;

namespace Countersign.AspNetCore.Identity;

/// <summary>Reads an account's row with one query of a few columns, without tracking, if the store's users support that.</summary>
internal abstract class AccountProjection<TUser>
    where TUser : class
{
    /// <summary>Makes the projection for a user type that derives from Identity's.</summary>
    /// <returns>Null for any other user type.</returns>
    public static AccountProjection<TUser>? Create(UserAccessor<TUser> shape)
    {
        if (shape.IdentityBase is not { } identity)
        {
            return null;
        }

        var type = typeof(AccountProjection<,>).MakeGenericType(typeof(TUser), identity.GenericTypeArguments[0]);
        return (AccountProjection<TUser>)Activator.CreateInstance(type, shape)!;
    }

    /// <summary>Reads an id as the store's own conversion does.</summary>
    /// <returns>Null if the text is not an id.</returns>
    public abstract object? FindKey(string userId);

    /// <returns>Null if there is no such account, or if these users can't be queried asynchronously.</returns>
    public abstract Task<AccountRow?> FindAsync(IQueryable<TUser> users, string userId, CancellationToken cancellationToken);
}

/// <inheritdoc/>
internal sealed class AccountProjection<TUser, TKey> : AccountProjection<TUser>
    where TUser : IdentityUser<TKey>
    where TKey : IEquatable<TKey>
{
    private readonly Expression<Func<TUser, AccountRow>> _row;

    public AccountProjection(UserAccessor<TUser> shape)
    {
        Expression<Func<TUser, bool, DateTimeOffset?, AccountRow>> template = (user, active, expiresAt) => new AccountRow
        {
            Key = user.Id,
            SecurityStamp = user.SecurityStamp,
            PasswordHash = user.PasswordHash,
            UserName = user.UserName,
            Email = user.Email,
            IsEmailConfirmed = user.EmailConfirmed,
            IsActive = active,
            LockedUntil = user.LockoutEnabled ? user.LockoutEnd : null,
            PasswordExpiresAt = expiresAt,
        };
        var parameter = template.Parameters[0];
        var body = new ParameterReplacer(template.Parameters[1], OfUser(shape.IsActiveExpression)).Visit(template.Body);
        var expiresAt = shape.PasswordExpiresAtExpression is { } expression ? OfUser(expression) : Expression.Constant(null, typeof(DateTimeOffset?));
        _row = Expression.Lambda<Func<TUser, AccountRow>>(new ParameterReplacer(template.Parameters[2], expiresAt).Visit(body), parameter);

        Expression OfUser(LambdaExpression said) => new ParameterReplacer(said.Parameters[0], parameter).Visit(said.Body);
    }

    public override object? FindKey(string userId) => TryConvert(userId, out var key) ? key : null;

    public override async Task<AccountRow?> FindAsync(IQueryable<TUser> users, string userId, CancellationToken cancellationToken)
    {
        if (!TryConvert(userId, out var key) || users.Where(user => user.Id.Equals(key)).Select(_row) is not IAsyncEnumerable<AccountRow> rows)
        {
            return null;
        }

        await foreach (var row in rows.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            // Identity reads "0x1" as the number 1, and many databases find "ID" for "id". Only the exact id names the account.
            if (string.Equals(row.UserId, userId, StringComparison.Ordinal))
            {
                return row;
            }
        }

        return null;
    }

    private static bool TryConvert(string userId, out TKey key)
    {
        key = default!;
        try
        {
            if (TypeDescriptor.GetConverter(typeof(TKey)).ConvertFromInvariantString(userId) is not TKey converted)
            {
                return false;
            }

            key = converted;
            return true;
        }
        catch (Exception exception) when (AccountLookup.IsConversionFault(exception))
        {
            return false;
        }
    }

    /// <summary>Replaces a parameter by an expression, so that the app's expressions become part of the query.</summary>
    private sealed class ParameterReplacer(ParameterExpression parameter, Expression by) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
    }
}
