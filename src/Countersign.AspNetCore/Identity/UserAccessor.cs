using System.Linq.Expressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Countersign.AspNetCore.Identity;

/// <summary>Reads and sets the properties of the app's user type that <see cref="CountersignUserOptions{TUser}"/> describe. Compiled once.</summary>
internal sealed class UserAccessor<TUser>
    where TUser : class
{
    private readonly Func<TUser, bool> _isActive;
    private readonly Func<TUser, string?>? _displayName;
    private readonly Action<TUser, string?>? _setDisplayName;
    private readonly Func<TUser, DateTimeOffset?>? _createdAt;
    private readonly Action<TUser, DateTimeOffset>? _setCreatedAt;
    private readonly Func<TUser, DateTimeOffset?>? _passwordExpiresAt;
    private readonly Action<TUser, DateTimeOffset?>? _setPasswordExpiresAt;
    private readonly Func<TUser> _create;

    public UserAccessor(IOptions<CountersignUserOptions<TUser>> options)
    {
        var settings = options.Value;
        IsActiveExpression = settings.IsActive;
        _isActive = settings.IsActive.Compile();
        _displayName = settings.DisplayName?.Compile();
        _setDisplayName = settings.DisplayName is null ? null : Setter<string?>(settings.DisplayName);
        _createdAt = settings.CreatedAt?.Compile();
        _setCreatedAt = settings.CreatedAt is null ? null : Setter<DateTimeOffset>(settings.CreatedAt);
        PasswordExpiresAtExpression = settings.PasswordExpiresAt;
        _passwordExpiresAt = settings.PasswordExpiresAt?.Compile();
        _setPasswordExpiresAt = settings.PasswordExpiresAt is null ? null : Setter<DateTimeOffset?>(settings.PasswordExpiresAt);
        _create = settings.Create ?? Activator.CreateInstance<TUser>;
        CanCreate = settings.Create is not null || typeof(TUser).GetConstructor(Type.EmptyTypes) is not null;
        RequiresConfirmedEmail = settings.RequireConfirmedEmail;
        IdentityBase = FindIdentityBase();
    }

    /// <summary>The expression for the database.</summary>
    public Expression<Func<TUser, bool>> IsActiveExpression { get; }

    /// <summary>The expression for the database; null if the app gives no initial passwords.</summary>
    public Expression<Func<TUser, DateTimeOffset?>>? PasswordExpiresAtExpression { get; }

    /// <summary>Whether Countersign's own setting requires a confirmed e-mail address.</summary>
    public bool RequiresConfirmedEmail { get; }

    /// <summary>Whether sign-up can create an account.</summary>
    public bool CanCreate { get; }

    public bool HasDisplayName => _setDisplayName is not null;

    /// <summary>Identity's own base class with its key type, whose columns are known; null for any other user type.</summary>
    public Type? IdentityBase { get; }

    /// <summary>
    /// Whether the store can detect that a row has changed since it was read. Without that, a new hash of the old password could overwrite a new password's
    /// hash.
    /// </summary>
    public bool KeepsConcurrencyStamp => IdentityBase is not null;

    public TUser Create() => _create();

    public bool IsActive(TUser user) => _isActive(user);

    public string? DisplayName(TUser user) => _displayName?.Invoke(user);

    public DateTimeOffset? CreatedAt(TUser user) => _createdAt?.Invoke(user);

    /// <summary>Until when an initial password may be used; null for a password that the user has chosen.</summary>
    public DateTimeOffset? PasswordExpiresAt(TUser user) => _passwordExpiresAt?.Invoke(user);

    /// <summary>Sets until when an initial password may be used, if the user type stores it.</summary>
    public void SetPasswordExpiresAt(TUser user, DateTimeOffset? expiresAt) => _setPasswordExpiresAt?.Invoke(user, expiresAt);

    /// <summary>Sets the display name. Call it only if <see cref="HasDisplayName"/> is true.</summary>
    public void SetDisplayName(TUser user, string? displayName)
    {
        if (_setDisplayName is null)
        {
            throw new InvalidOperationException($"{typeof(TUser).Name} has no display name.");
        }

        _setDisplayName(user, displayName);
    }

    /// <summary>Sets the instant of sign-up, if the user type has a property for it that can be set.</summary>
    public void SetCreatedAt(TUser user, DateTimeOffset now) => _setCreatedAt?.Invoke(user, now);

    private static Action<TUser, TValue>? Setter<TValue>(LambdaExpression expression)
    {
        if (CountersignUserOptions<TUser>.SettableProperty(expression) is not { } property)
        {
            return null;
        }

        var user = Expression.Parameter(typeof(TUser));
        var value = Expression.Parameter(typeof(TValue));
        var assignment = Expression.Assign(Expression.Property(user, property), Expression.Convert(value, property.PropertyType));
        return Expression.Lambda<Action<TUser, TValue>>(assignment, user, value).Compile();
    }

    private static Type? FindIdentityBase()
    {
        for (var type = typeof(TUser); type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IdentityUser<>))
            {
                return type;
            }
        }

        return null;
    }
}
