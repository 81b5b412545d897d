namespace Durable.Server.Visibility;

/// <summary>A node of a parsed visibility query.</summary>
public abstract record VisibilityExpression;

public sealed record AndExpression(VisibilityExpression Left, VisibilityExpression Right) : VisibilityExpression;

public sealed record OrExpression(VisibilityExpression Left, VisibilityExpression Right) : VisibilityExpression;

public sealed record NotExpression(VisibilityExpression Inner) : VisibilityExpression;

/// <param name="Operator">One of <c>= != &gt; &gt;= &lt; &lt;= IN BETWEEN STARTS_WITH IS</c>; <c>IS</c> has no value and means IS NULL.</param>
/// <param name="Values">string, double, long, bool or DateTimeOffset, by the type of the attribute.</param>
public sealed record ComparisonExpression(string Name, string Operator, IReadOnlyList<object> Values) : VisibilityExpression;
