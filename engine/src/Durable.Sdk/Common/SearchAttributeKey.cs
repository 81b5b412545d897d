using Temporalio.Api.Enums.V1;

namespace Temporalio.Common;

/// <summary>A search attribute's name and type.</summary>
public class SearchAttributeKey : IComparable<SearchAttributeKey>
{
    private protected SearchAttributeKey(string name, IndexedValueType valueType)
    {
        Name = name;
        ValueType = valueType;
    }

    public string Name { get; }

    public IndexedValueType ValueType { get; }

    public static bool operator ==(SearchAttributeKey? left, SearchAttributeKey? right) => left?.Equals(right) ?? right is null;

    public static bool operator !=(SearchAttributeKey? left, SearchAttributeKey? right) => !(left == right);

    public static bool operator <(SearchAttributeKey? left, SearchAttributeKey? right) => Compare(left, right) < 0;

    public static bool operator <=(SearchAttributeKey? left, SearchAttributeKey? right) => Compare(left, right) <= 0;

    public static bool operator >(SearchAttributeKey? left, SearchAttributeKey? right) => Compare(left, right) > 0;

    public static bool operator >=(SearchAttributeKey? left, SearchAttributeKey? right) => Compare(left, right) >= 0;

    public static SearchAttributeKey<bool> CreateBool(string name) => new(name, IndexedValueType.Bool);

    public static SearchAttributeKey<DateTimeOffset> CreateDateTimeOffset(string name) => new(name, IndexedValueType.Datetime);

    public static SearchAttributeKey<double> CreateDouble(string name) => new(name, IndexedValueType.Double);

    public static SearchAttributeKey<string> CreateKeyword(string name) => new(name, IndexedValueType.Keyword);

    public static SearchAttributeKey<IReadOnlyCollection<string>> CreateKeywordList(string name) => new(name, IndexedValueType.KeywordList);

    public static SearchAttributeKey<long> CreateLong(string name) => new(name, IndexedValueType.Int);

    public static SearchAttributeKey<string> CreateText(string name) => new(name, IndexedValueType.Text);

    public int CompareTo(SearchAttributeKey? other) => Compare(this, other);

    public bool Equals(SearchAttributeKey? other) => other is not null && Name == other.Name && ValueType == other.ValueType;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as SearchAttributeKey);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Name, ValueType);

    internal static SearchAttributeKey Create(string name, IndexedValueType type) => type switch
    {
        IndexedValueType.Bool => CreateBool(name),
        IndexedValueType.Datetime => CreateDateTimeOffset(name),
        IndexedValueType.Double => CreateDouble(name),
        IndexedValueType.Keyword => CreateKeyword(name),
        IndexedValueType.KeywordList => CreateKeywordList(name),
        IndexedValueType.Int => CreateLong(name),
        IndexedValueType.Text => CreateText(name),
        _ => throw new ArgumentException($"Search attribute {name} has unknown type {type}"),
    };

    private static int Compare(SearchAttributeKey? left, SearchAttributeKey? right) =>
        string.CompareOrdinal(left?.Name, right?.Name) is not 0 and var byName
            ? byName
            : (left?.ValueType ?? default).CompareTo(right?.ValueType ?? default);
}
