using System.Linq.Expressions;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>
/// Tells whether an expression depends on its parameter and on literals alone, so that its meaning can never change, and compares without computing, so that a database can't fail on it: asked
/// for many accounts at once, one that is divided by zero would fail all of them.
/// </summary>
internal sealed class SelfContained : ExpressionVisitor
{
    private readonly Predicate<Type> _isMapped;
    private bool _looksOutside;

    private SelfContained(Predicate<Type> isMapped) => _isMapped = isMapped;

    /// <summary>Whether it does. In doubt it does not.</summary>
    /// <param name="expression">The expression.</param>
    /// <param name="isMapped">Whether the members of a type are columns.</param>
    public static bool Is(LambdaExpression expression, Predicate<Type> isMapped)
    {
        var visitor = new SelfContained(isMapped);
        visitor.Visit(expression.Body);
        return !visitor._looksOutside;
    }

    /// <inheritdoc />
    public override Expression? Visit(Expression? node)
    {
        // Only these: a call, an object that is made or invoked, a nested lambda may look at anything.
        _looksOutside |= node is not (null or ConditionalExpression or ParameterExpression or ConstantExpression or MemberExpression) && !Compares(node) && !IsWidening(node);
        return _looksOutside ? node : base.Visit(node);
    }

    /// <inheritdoc />
    protected override Expression VisitConstant(ConstantExpression node)
    {
        // A literal; anything else is a closure, or an object that can be another one tomorrow.
        _looksOutside |= node.Value is not (null or string or decimal or Enum) && !node.Type.IsPrimitive;
        return node;
    }

    /// <inheritdoc />
    protected override Expression VisitMember(MemberExpression node)
    {
        // Without an object it is a static member: a setting, a clock. A member of a column's value, as the year of a date, is computed.
        _looksOutside |= node.Expression is not { Type: var type } || !(_isMapped(type) || Nullable.GetUnderlyingType(type) is not null);
        return base.VisitMember(node);
    }

    private static bool Compares(Expression node) => node.NodeType
        is ExpressionType.Equal
        or ExpressionType.NotEqual
        or ExpressionType.LessThan
        or ExpressionType.LessThanOrEqual
        or ExpressionType.GreaterThan
        or ExpressionType.GreaterThanOrEqual
        or ExpressionType.AndAlso
        or ExpressionType.OrElse
        or ExpressionType.And
        or ExpressionType.Or
        or ExpressionType.Not
        or ExpressionType.Coalesce;

    /// <summary>A conversion that the compiler puts in by itself: to a nullable type, from an enumeration to its number, to a wider number.</summary>
    private static bool IsWidening(Expression node) => node is UnaryExpression { NodeType: ExpressionType.Convert } conversion
        && (IsTheSame(conversion.Operand.Type, conversion.Type) || (WidthOf(conversion.Operand.Type) is { } from && WidthOf(conversion.Type) is { } to && from <= to));

    private static bool IsTheSame(Type type, Type other) => (Nullable.GetUnderlyingType(type) ?? type) == (Nullable.GetUnderlyingType(other) ?? other);

    /// <summary>How much a type can hold, for types of which each wider one holds all of the narrower; null for others.</summary>
    private static int? WidthOf(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        return Type.GetTypeCode(type.IsEnum ? type.GetEnumUnderlyingType() : type) switch
        {
            TypeCode.Byte => 1,
            TypeCode.Int16 => 2,
            TypeCode.Int32 => 4,
            TypeCode.Int64 => 8,
            _ => null,
        };
    }
}
