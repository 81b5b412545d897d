namespace Durable.Server.Visibility;

/// <summary>A node of a parsed visibility query.</summary>
public abstract record VisibilityExpression;
