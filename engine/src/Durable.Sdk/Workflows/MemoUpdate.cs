namespace Temporalio.Workflows;

/// <summary>A change of one memo key, for <see cref="Workflow.UpsertMemo"/>.</summary>
public class MemoUpdate
{
    private readonly object? value;

    private MemoUpdate(string key, object? value, bool hasValue)
    {
        UntypedKey = key;
        this.value = value;
        HasValue = hasValue;
    }

    /// <summary>False: the key is removed.</summary>
    public bool HasValue { get; }

    public string UntypedKey { get; }

    /// <exception cref="InvalidOperationException">The key is removed.</exception>
    public object UntypedValue => HasValue ? value! : throw new InvalidOperationException("No value set");

    public static MemoUpdate ValueSet(string key, object value) => new(key, value, true);

    public static MemoUpdate ValueUnset(string key) => new(key, null, false);
}
