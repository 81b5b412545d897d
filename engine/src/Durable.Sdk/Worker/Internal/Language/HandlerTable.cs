using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Temporalio.Worker.Internal.Language;

/// <summary>Handlers by name that workflow code may change.</summary>
/// <param name="nameOf">Null: dynamic, which has no place here.</param>
/// <param name="onAdded">Told of each new name.</param>
internal sealed class HandlerTable<TDefinition>(
    IReadOnlyDictionary<string, TDefinition> initial,
    Func<TDefinition, string?> nameOf,
    string kind,
    Action check,
    Action<string>? onAdded) : IDictionary<string, TDefinition>, IReadOnlyDictionary<string, TDefinition>
{
    private readonly Dictionary<string, TDefinition> handlers = new(initial);

    public int Count => handlers.Count;

    public bool IsReadOnly => false;

    public ICollection<string> Keys => handlers.Keys;

    public ICollection<TDefinition> Values => handlers.Values;

    IEnumerable<string> IReadOnlyDictionary<string, TDefinition>.Keys => handlers.Keys;

    IEnumerable<TDefinition> IReadOnlyDictionary<string, TDefinition>.Values => handlers.Values;

    public TDefinition this[string key]
    {
        get => handlers[key];
        set
        {
            Check(key, value);
            handlers[key] = value;
            onAdded?.Invoke(key);
        }
    }

    public void Add(string key, TDefinition value)
    {
        Check(key, value);
        handlers.Add(key, value);
        onAdded?.Invoke(key);
    }

    public void Add(KeyValuePair<string, TDefinition> item) => Add(item.Key, item.Value);

    public bool Remove(string key)
    {
        check();
        return handlers.Remove(key);
    }

    public bool Remove(KeyValuePair<string, TDefinition> item)
    {
        check();
        return ((ICollection<KeyValuePair<string, TDefinition>>)handlers).Remove(item);
    }

    public void Clear()
    {
        check();
        handlers.Clear();
    }

    public bool ContainsKey(string key) => handlers.ContainsKey(key);

    public bool Contains(KeyValuePair<string, TDefinition> item) => handlers.Contains(item);

    public void CopyTo(KeyValuePair<string, TDefinition>[] array, int arrayIndex) =>
        ((ICollection<KeyValuePair<string, TDefinition>>)handlers).CopyTo(array, arrayIndex);

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TDefinition value) => handlers.TryGetValue(key, out value);

    public IEnumerator<KeyValuePair<string, TDefinition>> GetEnumerator() => handlers.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Check(string key, TDefinition value)
    {
        check();
        var name = nameOf(value) ?? throw new ArgumentException($"Cannot set dynamic {kind} with other handlers");
        if (name != key)
        {
            throw new ArgumentException($"{char.ToUpperInvariant(kind[0])}{kind[1..]} name {key} doesn't match definition name {name}");
        }
    }
}
