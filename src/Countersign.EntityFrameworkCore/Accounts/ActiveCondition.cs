using System.Linq.Expressions;
using System.Reflection;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Writes the app's expression for an active account as a condition that a database checks.</summary>
/// <remarks>
/// What depends on anything but the account's own columns (a clock, a setting) would stay what it was at the first refresh. What computes (a division, the year of a date)
/// can fail for one account, and with it for all that are read together.
/// </remarks>
internal static class ActiveCondition
{
    /// <summary>Writes it, in words that SQLite and PostgreSQL share.</summary>
    /// <param name="isActive">The app's expression.</param>
    /// <param name="findColumn">Finds the quoted name of a property's column; null where there is none to look at.</param>
    /// <returns>Null for all but a constant, a property that is true or false, one that is null or not, the opposite of these, and several of them joined by "and" or "or".</returns>
    public static string? Of(LambdaExpression isActive, Func<PropertyInfo, string?> findColumn)
    {
        return Of(isActive.Body, isWanted: true);

        string? Of(Expression body, bool isWanted) => body switch
        {
            ConstantExpression { Value: bool value } => value == isWanted ? "1 = 1" : "1 = 0",
            UnaryExpression { NodeType: ExpressionType.Not } not => Of(not.Operand, !isWanted),
            BinaryExpression { NodeType: ExpressionType.AndAlso } both => Join(both, isWanted ? "AND" : "OR", isWanted),
            BinaryExpression { NodeType: ExpressionType.OrElse } either => Join(either, isWanted ? "OR" : "AND", isWanted),
            BinaryExpression { NodeType: ExpressionType.Equal, Right: ConstantExpression to } equal => Compare(equal.Left, to.Value, isWanted),
            BinaryExpression { NodeType: ExpressionType.NotEqual, Right: ConstantExpression to } unequal => Compare(unequal.Left, to.Value, !isWanted),
            MemberExpression { Member.Name: nameof(Nullable<>.HasValue), Expression: MemberExpression nullable }
                when Nullable.GetUnderlyingType(nullable.Type) is not null => Compare(nullable, null, !isWanted),
            MemberExpression member when member.Type == typeof(bool) => Column(member) is not { } column ? null : isWanted ? column : $"NOT {column}",
            _ => null,
        };

        // The opposite of two together is the opposite of each, joined by the other word (De Morgan).
        string? Join(BinaryExpression parts, string word, bool isWanted) =>
            Of(parts.Left, isWanted) is { } left && Of(parts.Right, isWanted) is { } right ? $"({left} {word} {right})" : null;

        string? Compare(Expression operand, object? value, bool isWanted) => value switch
        {
            bool flag when operand.Type == typeof(bool) => Of(operand, flag == isWanted),
            null when operand is MemberExpression member && Column(member) is { } column => isWanted ? $"{column} IS NULL" : $"{column} IS NOT NULL",
            _ => null,
        };

        string? Column(MemberExpression member) => member.Member is PropertyInfo property && IsAccount(member.Expression) ? findColumn(property) : null;

        // Perhaps as the base class that declares the property.
        bool IsAccount(Expression? owner) =>
            owner == isActive.Parameters[0] || (owner is UnaryExpression { NodeType: ExpressionType.Convert } upcast && IsAccount(upcast.Operand));
    }
}
