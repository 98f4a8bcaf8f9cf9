using System.Linq.Expressions;
using System.Reflection;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Translates the app's expression for an active account into a condition that the database checks.</summary>
/// <remarks>
/// The expression may depend only on the account's columns: the value of anything else (a clock, a setting) would stay as it was at the first refresh. It may
/// not compute (a division, the year of a date): a computation can fail for one account, and then for all that are read together.
/// </remarks>
internal static class ActiveCondition
{
    /// <summary>Writes the condition in SQL that SQLite and PostgreSQL share.</summary>
    /// <param name="isActive">The app's expression.</param>
    /// <param name="findColumn">Finds the quoted name of a property's column; null if there is no usable column.</param>
    /// <returns>
    /// Null unless the expression is a constant, a Boolean property, a comparison of a property with null, the opposite of these, or several of them joined by
    /// "and" or "or".
    /// </returns>
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

        // The opposite of two conditions is the opposite of each, joined by the other word (De Morgan).
        string? Join(BinaryExpression parts, string word, bool isWanted) =>
            Of(parts.Left, isWanted) is { } left && Of(parts.Right, isWanted) is { } right ? $"({left} {word} {right})" : null;

        string? Compare(Expression operand, object? value, bool isWanted) => value switch
        {
            bool flag when operand.Type == typeof(bool) => Of(operand, flag == isWanted),
            null when operand is MemberExpression member && Column(member) is { } column => isWanted ? $"{column} IS NULL" : $"{column} IS NOT NULL",
            _ => null,
        };

        string? Column(MemberExpression member) => member.Member is PropertyInfo property && IsAccount(member.Expression) ? findColumn(property) : null;

        // The parameter may be converted to the base class that declares the property.
        bool IsAccount(Expression? owner) =>
            owner == isActive.Parameters[0] || (owner is UnaryExpression { NodeType: ExpressionType.Convert } upcast && IsAccount(upcast.Operand));
    }
}
