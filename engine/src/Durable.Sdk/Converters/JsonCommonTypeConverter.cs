using System.Text.Json;
using System.Text.Json.Serialization;

namespace Temporalio.Converters;

/// <summary>Reads JSON into <see cref="object"/> as plain types: string, long or double, bool, dictionaries and lists, instead of <see cref="JsonElement"/>.</summary>
public class JsonCommonTypeConverter : JsonConverter<object>
{
    public static readonly JsonCommonTypeConverter Instance = new();

    public JsonCommonTypeConverter()
    {
    }

    /// <inheritdoc/>
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimmed applications give options with generated metadata.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Trimmed applications give options with generated metadata.")]
    public override object? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.TokenType switch
    {
        JsonTokenType.StartObject => JsonSerializer.Deserialize<Dictionary<string, object?>>(ref reader, options),
        JsonTokenType.StartArray => JsonSerializer.Deserialize<List<object?>>(ref reader, options),
        JsonTokenType.String => reader.GetString(),
        JsonTokenType.Number => reader.TryGetInt64(out var whole) ? whole : reader.GetDouble(),
        JsonTokenType.True => true,
        JsonTokenType.False => false,
        JsonTokenType.Null => null,
        _ => throw new JsonException($"Unrecognized type: {reader.TokenType}"),
    };

    /// <inheritdoc/>
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimmed applications give options with generated metadata.")]
    [System.Diagnostics.CodeAnalysis.UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Trimmed applications give options with generated metadata.")]
    public override void Write(Utf8JsonWriter writer, object? value, JsonSerializerOptions options) =>
        JsonSerializer.Serialize(writer, value, value?.GetType() ?? typeof(object), options);
}
