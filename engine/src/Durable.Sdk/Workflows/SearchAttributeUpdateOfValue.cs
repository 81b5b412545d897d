using Temporalio.Common;

namespace Temporalio.Workflows;

/// <inheritdoc/>
public class SearchAttributeUpdate<T> : SearchAttributeUpdate
    where T : notnull
{
    private readonly T value;

    internal SearchAttributeUpdate(SearchAttributeKey<T> key, T value, bool hasValue)
        : base(hasValue)
    {
        Key = key;
        this.value = value;
    }

    public SearchAttributeKey<T> Key { get; }

    /// <exception cref="InvalidOperationException">The attribute is removed.</exception>
    public T Value => HasValue ? value : throw new InvalidOperationException("No value set");

    /// <inheritdoc/>
    public override SearchAttributeKey UntypedKey => Key;

    /// <inheritdoc/>
    public override object UntypedValue => Value;
}
