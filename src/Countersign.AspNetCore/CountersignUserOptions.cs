using System.Linq.Expressions;
using System.Reflection;

namespace Countersign.AspNetCore;

/// <summary>
/// What Countersign should know of the app's user type. Set it with <c>AddCountersign&lt;AppUser&gt;(options => options.Users.IsActive = …)</c>.
/// </summary>
/// <typeparam name="TUser">The app's user type.</typeparam>
/// <remarks>
/// The expressions read the account's own columns: they run in the database as well as on accounts that are in memory already, where what they would have to
/// join is not loaded.
/// </remarks>
public sealed class CountersignUserOptions<TUser>
    where TUser : class
{
    /// <summary>
    /// Whether an account may be used: always, by default. An account that may not can't log in, its refresh tokens are refused, and its sessions end when it
    /// is saved through <c>UserManager</c>.
    /// </summary>
    /// <remarks>
    /// A refresh is fastest where this only looks at columns, such as <c>u => u.IsActive</c> or <c>u => !u.IsDisabled &amp;&amp; u.DeletedAt == null</c>: the
    /// account is then read together with its session. Any other expression costs a refresh two queries more.
    /// </remarks>
    public Expression<Func<TUser, bool>> IsActive
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = _ => true;

    /// <summary>
    /// The account's display name: a property of the user type that can be set, such as <c>u => u.DisplayName</c>. Null by default: accounts have
    /// none.
    /// </summary>
    /// <exception cref="ArgumentException">Not a property of the user type, or one that can't be set.</exception>
    public Expression<Func<TUser, string?>>? DisplayName
    {
        get;
        set
        {
            if (value is not null && SettableProperty(value) is null)
            {
                throw new ArgumentException(
                    $"{nameof(DisplayName)} must be one property of {typeof(TUser).Name} that can be set, such as u => u.DisplayName.", nameof(value));
            }

            field = value;
        }
    }

    /// <summary>When the account was made. Null by default: it is not known. Where it is a property that can be set, sign-up sets it.</summary>
    public Expression<Func<TUser, DateTimeOffset?>>? CreatedAt { get; set; }

    /// <summary>
    /// Until when the account's password may be used: a property of the user type that can be set, of type <c>DateTimeOffset?</c>, such as
    /// <c>u => u.PasswordExpiresAt</c>. Null in an account whose password the person has chosen. Null by default: the app hands out no initial passwords.
    /// </summary>
    /// <remarks>
    /// From that instant on, a login with the right password is refused with <c>password_expired</c>, and a session that began with the password has ended.
    /// Whoever sets an initial password saves the instant with it. A later change of the password through <c>UserManager</c> or <c>POST
    /// /auth/change-password</c> sets the property to null; a new hash of the same password does not. Identity's <c>SignInManager</c> does not ask for it.
    /// </remarks>
    /// <exception cref="ArgumentException">Not a property of the user type, one that can't be set, or one of another type.</exception>
    public Expression<Func<TUser, DateTimeOffset?>>? PasswordExpiresAt
    {
        get;
        set
        {
            if (value is not null && SettableProperty(value)?.PropertyType != typeof(DateTimeOffset?))
            {
                throw new ArgumentException(
                    $"{nameof(PasswordExpiresAt)} must be one property of {typeof(TUser).Name} of type DateTimeOffset? that can be set, such as u => u.PasswordExpiresAt.",
                    nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Makes an empty account at sign-up. Null by default: the user type's constructor without parameters does.</summary>
    public Func<TUser>? Create { get; set; }

    /// <summary>The property that an expression names, if it names one alone and it can be set.</summary>
    internal static PropertyInfo? SettableProperty(LambdaExpression expression)
    {
        // A property of another type than the expression's (DateTimeOffset for DateTimeOffset?) stands under a conversion.
        var body = expression.Body is UnaryExpression { NodeType: ExpressionType.Convert } conversion ? conversion.Operand : expression.Body;
        return body is MemberExpression { Member: PropertyInfo { SetMethod.IsPublic: true } property, Expression: ParameterExpression } ? property : null;
    }
}
