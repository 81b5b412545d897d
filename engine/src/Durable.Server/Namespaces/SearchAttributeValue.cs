using System.Globalization;
using System.Text.Json;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Namespaces;

/// <summary>What a search attribute of a type may be set to: a value, a list of values, or null, which takes it away.</summary>
public static class SearchAttributeValue
{
    /// <returns>What is wrong with it, as the genuine server shows it; null: it fits its type.</returns>
    public static string? Check(Payload payload, IndexedValueType type)
    {
        if (payload.Data.IsEmpty)
        {
            return null;
        }
        try
        {
            using var json = JsonDocument.Parse(payload.Data.Memory);
            return IsValid(json.RootElement, type) ? null : Show(json.RootElement);
        }
        catch (JsonException)
        {
            return $"value from <{payload.Data.ToStringUtf8()}>";
        }
    }

    private static bool IsValid(JsonElement value, IndexedValueType type) => value.ValueKind switch
    {
        JsonValueKind.Null => true,
        JsonValueKind.Array => value.EnumerateArray().All(item => item.ValueKind == JsonValueKind.Null || IsOne(item, type)),
        _ => type != IndexedValueType.KeywordList && IsOne(value, type),
    };

    private static bool IsOne(JsonElement value, IndexedValueType type) => type switch
    {
        IndexedValueType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        IndexedValueType.Datetime => value.ValueKind == JsonValueKind.String && IsTime(value.GetString()!),
        IndexedValueType.Double => value.ValueKind == JsonValueKind.Number,
        IndexedValueType.Int => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
        _ => value.ValueKind == JsonValueKind.String,
    };

    /// <summary>RFC 3339: a date alone or a time without a zone is not enough.</summary>
    private static bool IsTime(string text) =>
        text.Contains('T', StringComparison.Ordinal)
        && (text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal))
        && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out _);

    private static string Show(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => $"[{string.Join(' ', value.EnumerateArray().Select(Show))}]",
        JsonValueKind.Null => "<nil>",
        _ => value.ToString(),
    };
}
