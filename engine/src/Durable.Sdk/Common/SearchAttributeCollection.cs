using System.Collections;
using Temporalio.Api.Common.V1;
using Temporalio.Common.Internal;
using Temporalio.Workflows;

namespace Temporalio.Common;

/// <summary>Search attributes with their values. Immutable for its users.</summary>
public class SearchAttributeCollection : IReadOnlyCollection<SearchAttributeKey>
{
    public static readonly SearchAttributeCollection Empty = new([]);

    private readonly Dictionary<SearchAttributeKey, object> values;

    private SearchAttributeCollection(Dictionary<SearchAttributeKey, object> values) => this.values = values;

    public IReadOnlyDictionary<SearchAttributeKey, object> UntypedValues => values;

    public int Count => values.Count;

    /// <exception cref="ArgumentException">An attribute has no type, or an unknown one.</exception>
    public static SearchAttributeCollection FromProto(SearchAttributes searchAttributes)
    {
        var values = new Dictionary<SearchAttributeKey, object>();
        foreach (var (name, payload) in searchAttributes.IndexedFields)
        {
            if (SearchAttributePayloads.Read(name, payload) is var (key, value))
            {
                values[key] = value;
            }
        }
        return new(values);
    }

    public SearchAttributes ToProto()
    {
        var proto = new SearchAttributes();
        foreach (var (key, value) in values)
        {
            proto.IndexedFields[key.Name] = SearchAttributePayloads.Write(key, value);
        }
        return proto;
    }

    public bool ContainsKey<T>(SearchAttributeKey<T> key)
        where T : notnull => values.ContainsKey(key);

    public bool ContainsKey(string key) => values.Keys.Any(known => known.Name == key);

    /// <exception cref="KeyNotFoundException">There is no such attribute.</exception>
    public T Get<T>(SearchAttributeKey<T> key)
        where T : notnull => (T)values[key];

    public bool TryGetValue<T>(SearchAttributeKey<T> key, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out T value)
        where T : notnull
    {
        if (values.TryGetValue(key, out var found))
        {
            value = (T)found;
            return true;
        }
        value = default;
        return false;
    }

    public IEnumerator<SearchAttributeKey> GetEnumerator() => values.Keys.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal SearchAttributeCollection With(IEnumerable<SearchAttributeUpdate> changes)
    {
        var changed = new Dictionary<SearchAttributeKey, object>(values);
        foreach (var change in changes)
        {
            if (change.HasValue)
            {
                changed[change.UntypedKey] = change.UntypedValue;
            }
            else
            {
                changed.Remove(change.UntypedKey);
            }
        }
        return new(changed);
    }

    /// <summary>Collects attributes.</summary>
    public class Builder
    {
        private readonly Dictionary<SearchAttributeKey, object> values;

        public Builder() => values = [];

        public Builder(SearchAttributeCollection searchAttributes) => values = new(searchAttributes.values);

        public Builder Set<T>(SearchAttributeKey<T> key, T value)
            where T : notnull
        {
            values[key] = value;
            return this;
        }

        /// <summary>Sets all attributes of another collection.</summary>
        public Builder Set(SearchAttributeCollection searchAttributes)
        {
            foreach (var (key, value) in searchAttributes.values)
            {
                values[key] = value;
            }
            return this;
        }

        public Builder Unset(SearchAttributeKey key)
        {
            values.Remove(key);
            return this;
        }

        public Builder Unset(string name)
        {
            foreach (var key in values.Keys.Where(key => key.Name == name).ToArray())
            {
                values.Remove(key);
            }
            return this;
        }

        public SearchAttributeCollection ToSearchAttributeCollection() => new(new(values));
    }
}
