using System.Data.Common;
using System.Linq.Expressions;
using Countersign.EntityFrameworkCore.Stores;
using Countersign.Sessions.Accounts;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Identity's tables in the app's model, and the columns that are read of an account. All names are quoted for the provider.</summary>
/// <param name="Users">The table of users.</param>
/// <param name="Id">The key column of users.</param>
/// <param name="Columns">The columns that are read of a user, in the order of <see cref="Read"/>.</param>
/// <param name="Roles">The join of the table of roles and the table that links users to roles.</param>
/// <param name="RoleUserId">The column with the user's key in the link table.</param>
/// <param name="RoleName">The column with the names of roles.</param>
/// <param name="KeyType">The type of a user's key.</param>
/// <param name="ReadKey">Reads a user's key from the first column of a row.</param>
internal sealed record AccountTables(
    string Users, string Id, string Columns, string Roles, string RoleUserId, string RoleName, Type KeyType, Func<DbDataReader, object> ReadKey)
{
    // By name: this package works without Identity's packages. An app without Identity has no such tables either.
    private const string UserType = "Microsoft.AspNetCore.Identity.IdentityUser`1";
    private const string UserRoleType = "Microsoft.AspNetCore.Identity.IdentityUserRole`1";
    private const string RoleType = "Microsoft.AspNetCore.Identity.IdentityRole`1";

    /// <summary>
    /// How a key is read, and in which PostgreSQL types it is compared exactly. A <c>character(36)</c> pads the key, and in a <c>citext</c> "A" equals "a".
    /// </summary>
    private static readonly Dictionary<Type, (Func<DbDataReader, object> Read, string[] StoreTypes)> Keys = new()
    {
        [typeof(string)] = (static row => row.GetString(0), ["text", "character varying", "varchar"]),
        [typeof(Guid)] = (static row => row.GetGuid(0), ["uuid"]),
        [typeof(int)] = (static row => row.GetInt32(0), ["integer"]),
        [typeof(long)] = (static row => row.GetInt64(0), ["bigint"]),
    };

    /// <summary>Finds the tables in a context's model.</summary>
    /// <param name="context">The context.</param>
    /// <param name="userType">The app's user type.</param>
    /// <param name="keyType">The type of its key.</param>
    /// <param name="isActive">The app's expression for an active account.</param>
    /// <returns>
    /// Null if Entity Framework could read anything else than the content of these columns, or if <paramref name="isActive"/> does more than check some of
    /// them.
    /// </returns>
    public static AccountTables? Find(DbContext context, Type userType, Type keyType, LambdaExpression isActive)
    {
        if (!Keys.TryGetValue(keyType, out var key)
            || ChangesWhatIsRead(context)
            || IdentityTable.Find(context, UserType, keyType, userType) is not { } users
            || IdentityTable.Find(context, UserRoleType, keyType) is not { } links
            || IdentityTable.Find(context, RoleType, keyType) is not { } roles)
        {
            return null;
        }

        // The value of an app's own property is read only if it is a Boolean. Of other properties the database returns only whether they are null.
        var condition = ActiveCondition.Of(
            isActive, property => property.PropertyType == typeof(bool) ? users.Column(property, "boolean") : users.Column(property));
        return condition is not null
            && users.Column("Id", key.StoreTypes) is { } id
            && users.Column("SecurityStamp") is { } stamp
            && users.Column("UserName") is { } userName
            && users.Column("Email") is { } email
            && users.Column("EmailConfirmed", "boolean") is { } emailConfirmed
            && users.Column("LockoutEnabled", "boolean") is { } lockoutEnabled
            && users.Column("LockoutEnd", "timestamp with time zone") is { } lockoutEnd
            && links.Column("UserId", key.StoreTypes) is { } userId
            && links.Column("RoleId") is { } linkRoleId
            && roles.Column("Id") is { } roleId
            && roles.Column("Name") is { } name
                ? new AccountTables(
                    users.Name,
                    id,
                    $"""
                     {id}, {stamp}, {email}, CASE WHEN {condition} THEN 1 ELSE 0 END, CASE WHEN {lockoutEnabled} THEN {lockoutEnd} END,
                     {userName}, CASE WHEN {emailConfirmed} THEN 1 ELSE 0 END
                     """,
                    $"{links.Name} AS link JOIN {roles.Name} AS role ON role.{roleId} = link.{linkRoleId}",
                    $"link.{userId}",
                    $"role.{name}",
                    keyType,
                    key.Read)
                : null;
    }

    /// <summary>Reads a row of <see cref="Columns"/>.</summary>
    public AccountRow Read(DbDataReader row) => new()
    {
        Key = ReadKey(row),
        SecurityStamp = row.FindString(1),
        Email = row.FindString(2),
        IsActive = row.GetInt32(3) == 1,
        LockedUntil = row.IsDBNull(4) ? null : row.GetFieldValue<DateTimeOffset>(4),
        UserName = row.FindString(5),
        IsEmailConfirmed = row.GetInt32(6) == 1,
    };

    /// <summary>Whether the app has added something to Entity Framework that may change a query or its result.</summary>
    private static bool ChangesWhatIsRead(DbContext context) =>
        context.GetService<IDbContextOptions>().FindExtension<CoreOptionsExtension>()?.SingletonInterceptors?.Any() is true;
}
