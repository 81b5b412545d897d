using Temporalio.Common;

namespace Temporalio.Workflows;

/// <summary>A change of one search attribute, for <see cref="Workflow.UpsertTypedSearchAttributes"/>.</summary>
public abstract class SearchAttributeUpdate
{
    private protected SearchAttributeUpdate(bool hasValue) => HasValue = hasValue;

    public abstract SearchAttributeKey UntypedKey { get; }

    /// <exception cref="InvalidOperationException">The attribute is removed.</exception>
    public abstract object UntypedValue { get; }

    /// <summary>False: the attribute is removed.</summary>
    public bool HasValue { get; }

    public static SearchAttributeUpdate<T> ValueSet<T>(SearchAttributeKey<T> key, T value)
        where T : notnull => new(key, value, true);

    public static SearchAttributeUpdate<T> ValueUnset<T>(SearchAttributeKey<T> key)
        where T : notnull => new(key, default!, false);
}
