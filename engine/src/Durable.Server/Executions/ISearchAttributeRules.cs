using Temporalio.Api.Common.V1;

namespace Durable.Server.Executions;

/// <summary>The search attributes that a namespace knows.</summary>
public interface ISearchAttributeRules
{
    /// <summary>Null when every name is known and every value fits its type, else the text for the caller.</summary>
    string? Check(string namespaceName, SearchAttributes attributes);

    /// <summary>The value as list and describe show it: metadata <c>type</c> set, a one-element list unwrapped where the type is no list.</summary>
    Payload Normalize(string namespaceName, string name, Payload value);
}
