using System.Linq.Expressions;

namespace Countersign.Sessions.Accounts;

/// <summary>Puts an expression in the place of a parameter, so that what an app says of its accounts becomes part of a larger query.</summary>
internal sealed class ParameterReplacer(ParameterExpression parameter, Expression by) : ExpressionVisitor
{
    /// <inheritdoc />
    protected override Expression VisitParameter(ParameterExpression node) => node == parameter ? by : node;
}
