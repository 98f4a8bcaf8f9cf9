using System.Linq.Expressions;

namespace Countersign.EntityFrameworkCore.Accounts;

/// <summary>Tells whether an expression depends on its parameter and on literals alone, so that its meaning can never change.</summary>
internal sealed class SelfContained : ExpressionVisitor
{
    private bool _looksOutside;

    private SelfContained()
    {
    }

    /// <summary>Whether it does. In doubt it does not.</summary>
    public static bool Is(LambdaExpression expression)
    {
        var visitor = new SelfContained();
        visitor.Visit(expression.Body);
        return !visitor._looksOutside;
    }

    /// <inheritdoc />
    public override Expression? Visit(Expression? node)
    {
        // Only these: a call, an object that is made or invoked, a nested lambda may look at anything.
        _looksOutside |= node is not (null or BinaryExpression or UnaryExpression or ConditionalExpression or ParameterExpression or ConstantExpression or MemberExpression);
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
        // Without an object it is a static member: a setting, a clock.
        _looksOutside |= node.Expression is null;
        return base.VisitMember(node);
    }
}
