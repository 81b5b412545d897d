using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;

namespace Temporalio.Common.Internal;

/// <summary>Search attributes on the wire: JSON with the type beside it, never through converter or codec, because the server reads them.</summary>
internal static class SearchAttributePayloads
{
    private static readonly ByteString JsonPlain = ByteString.CopyFromUtf8("json/plain");
    private static readonly ByteString BinaryNull = ByteString.CopyFromUtf8("binary/null");

    /// <param name="value">Null: the attribute is removed.</param>
    public static Payload Write(SearchAttributeKey key, object? value)
    {
        var payload = new Payload
        {
            Metadata = { ["encoding"] = value is null ? BinaryNull : JsonPlain, ["type"] = ByteString.CopyFromUtf8(key.ValueType.ToString()) },
        };
        if (value is not null)
        {
            var buffer = new System.Buffers.ArrayBufferWriter<byte>(64);
            using (var writer = new Utf8JsonWriter(buffer))
            {
                Write(writer, value);
            }
            payload.Data = ByteString.CopyFrom(buffer.WrittenSpan);
        }
        return payload;
    }

    /// <returns>Null when the attribute has no value.</returns>
    /// <exception cref="ArgumentException">The type is missing or unknown.</exception>
    public static (SearchAttributeKey Key, object Value)? Read(string name, Payload payload)
    {
        if (!payload.Metadata.TryGetValue("type", out var typeBytes))
        {
            throw new ArgumentException($"Search attribute {name} has no type");
        }
        var type = TypeOf(typeBytes.ToStringUtf8());
        if (payload.Data.IsEmpty)
        {
            return null;
        }
        using var json = JsonDocument.Parse(payload.Data.Memory);
        var root = json.RootElement;
        if (root.ValueKind == JsonValueKind.Null)
        {
            return null;
        }
        // A server may give a single value as a list of one.
        if (type != IndexedValueType.KeywordList && root.ValueKind == JsonValueKind.Array)
        {
            if (root.GetArrayLength() == 0)
            {
                return null;
            }
            root = root[0];
        }
        object value = type switch
        {
            IndexedValueType.Bool => root.GetBoolean(),
            IndexedValueType.Datetime => DateTimeOffset.Parse(root.GetString()!, CultureInfo.InvariantCulture),
            IndexedValueType.Double => root.GetDouble(),
            IndexedValueType.Int => root.GetInt64(),
            IndexedValueType.KeywordList => root.ValueKind == JsonValueKind.Array
                ? root.EnumerateArray().Select(static item => item.GetString()!).ToArray()
                : new[] { root.GetString()! },
            _ => root.GetString()!,
        };
        return (SearchAttributeKey.Create(name, type), value);
    }

    private static IndexedValueType TypeOf(string type)
    {
        if (Enum.TryParse<IndexedValueType>(type, out var known) && known != IndexedValueType.Unspecified)
        {
            return known;
        }
        // Some servers write the protocol's name.
        const string Prefix = "INDEXED_VALUE_TYPE_";
        return type.StartsWith(Prefix, StringComparison.Ordinal) &&
            Enum.TryParse(type[Prefix.Length..].Replace("_", string.Empty, StringComparison.Ordinal), ignoreCase: true, out known)
            ? known
            : throw new ArgumentException($"Unknown search attribute type {type}");
    }

    private static void Write(Utf8JsonWriter writer, object value)
    {
        switch (value)
        {
            case bool flag:
                writer.WriteBooleanValue(flag);
                break;
            case long number:
                writer.WriteNumberValue(number);
                break;
            case double number:
                writer.WriteNumberValue(number);
                break;
            case DateTimeOffset time:
                writer.WriteStringValue(time);
                break;
            case string text:
                writer.WriteStringValue(text);
                break;
            case IEnumerable<string> texts:
                writer.WriteStartArray();
                foreach (var text in texts)
                {
                    writer.WriteStringValue(text);
                }
                writer.WriteEndArray();
                break;
            default:
                throw new ArgumentException($"Search attributes cannot have values of type {value.GetType()}");
        }
    }
}
