using System.Linq.Expressions;
using System.Reflection;

namespace Countersign.AspNetCore;

/// <summary>What accounts need.</summary>
public abstract class CountersignUserOptions
{
    /// <summary>The configuration section.</summary>
    public const string SectionName = "Auth:Users";

    private protected CountersignUserOptions()
    {
    }

    /// <summary>
    /// Whether a login needs a confirmed e-mail address. False by default. If it is true, a sign-up answers 202 whether the address has an account or not, and
    /// the account can be used when its owner has followed the link of a mail. Without a way to send mail, this stops the start. Identity's own
    /// <c>SignInOptions.RequireConfirmedEmail</c> has the same effect, if mail can be sent.
    /// </summary>
    public bool RequireConfirmedEmail { get; set; }
}

/// <summary>Describes the app's user type to Countersign. Set it with <c>AddCountersign&lt;AppUser&gt;(options => options.Users.IsActive = …)</c>.</summary>
/// <typeparam name="TUser">The app's user type.</typeparam>
/// <remarks>
/// The expressions may read only the account's own columns. They run in the database, and also on accounts in memory, whose related rows are not loaded.
/// </remarks>
public sealed class CountersignUserOptions<TUser> : CountersignUserOptions
    where TUser : class
{
    /// <summary>
    /// Whether an account may be used. By default, always. An account that may not be used can't log in, its refresh tokens are refused, and its sessions end
    /// when it is saved through <c>UserManager</c>.
    /// </summary>
    /// <remarks>
    /// A refresh is fastest if this only reads columns, such as <c>u => u.IsActive</c> or <c>u => !u.IsDisabled &amp;&amp; u.DeletedAt == null</c>: then the
    /// account is read together with its session. Any other expression costs each refresh two more queries.
    /// </remarks>
    public Expression<Func<TUser, bool>> IsActive
    {
        get;
        set => field = value ?? throw new ArgumentNullException(nameof(value));
    } = _ => true;

    /// <summary>
    /// The account's display name: a property of the user type that can be set, such as <c>u => u.DisplayName</c>. Null by default: accounts have no display
    /// name.
    /// </summary>
    /// <exception cref="ArgumentException">The expression is not a property of the user type, or the property can't be set.</exception>
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

    /// <summary>When the account was created. Null by default: the instant is not known. If it is a property that can be set, sign-up sets it.</summary>
    public Expression<Func<TUser, DateTimeOffset?>>? CreatedAt { get; set; }

    /// <summary>
    /// Until when the account's password may be used: a property of the user type that can be set, of type <c>DateTimeOffset?</c>, such as
    /// <c>u => u.PasswordExpiresAt</c>. The property is null in an account whose user has chosen the password. Null by default: the app gives no initial
    /// passwords.
    /// </summary>
    /// <remarks>
    /// From that instant on, a login with the right password is refused with <c>password_expired</c>, and a session that began with the password ends. Code
    /// that sets an initial password saves the instant together with it. A later change of the password through <c>UserManager</c> or
    /// <c>POST /auth/change-password</c> sets the property to null. A new hash of the same password does not. Identity's <c>SignInManager</c> does not check
    /// it.
    /// </remarks>
    /// <exception cref="ArgumentException">The expression is not a property of the user type, the property can't be set, or it has another type.</exception>
    public Expression<Func<TUser, DateTimeOffset?>>? PasswordExpiresAt
    {
        get;
        set
        {
            if (value is not null && SettableProperty(value)?.PropertyType != typeof(DateTimeOffset?))
            {
                throw new ArgumentException(
                    $"{nameof(PasswordExpiresAt)} must be one property of {typeof(TUser).Name} of type DateTimeOffset? that can be set, "
                    + "such as u => u.PasswordExpiresAt.",
                    nameof(value));
            }

            field = value;
        }
    }

    /// <summary>Creates an empty account at sign-up. Null by default: sign-up calls the user type's constructor without parameters.</summary>
    public Func<TUser>? Create { get; set; }

    /// <summary>The property that an expression consists of, if it can be set; otherwise null.</summary>
    internal static PropertyInfo? SettableProperty(LambdaExpression expression)
    {
        // A property of another type than the expression's (DateTimeOffset for DateTimeOffset?) is wrapped in a conversion.
        var body = expression.Body is UnaryExpression { NodeType: ExpressionType.Convert } conversion ? conversion.Operand : expression.Body;
        return body is MemberExpression { Member: PropertyInfo { SetMethod.IsPublic: true } property, Expression: ParameterExpression } ? property : null;
    }
}
