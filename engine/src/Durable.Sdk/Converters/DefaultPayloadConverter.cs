using System.Text.Json;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Tries encodings in order to write, and reads by the payload's encoding.</summary>
public class DefaultPayloadConverter : IPayloadConverter
{
    private readonly Dictionary<string, IEncodingConverter> byEncoding;

    /// <summary>Null, bytes, protobuf, JSON with default settings: what other SDKs read and write too.</summary>
    public DefaultPayloadConverter()
        : this(new JsonSerializerOptions())
    {
    }

    public DefaultPayloadConverter(JsonSerializerOptions jsonSerializerOptions)
        : this(
            new BinaryNullConverter(),
            new BinaryPlainConverter(),
            new JsonProtoConverter(),
            new BinaryProtoConverter(),
            new JsonPlainConverter(jsonSerializerOptions))
    {
    }

    public DefaultPayloadConverter(params IEncodingConverter[] encodingConverters)
    {
        EncodingConverters = encodingConverters;
        byEncoding = encodingConverters.ToDictionary(static converter => converter.Encoding, StringComparer.Ordinal);
    }

    /// <summary>In the order in which they are asked to write.</summary>
    public IReadOnlyCollection<IEncodingConverter> EncodingConverters { get; }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No encoding takes the value.</exception>
    public Payload ToPayload(object? value)
    {
        if (value is IRawValue raw)
        {
            return raw.Payload;
        }
        foreach (var converter in EncodingConverters)
        {
            if (converter.TryToPayload(value, out var payload))
            {
                return payload!;
            }
        }
        throw new ArgumentException($"Value of type {value?.GetType()} has no known converter");
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The payload has no encoding, or an unknown one.</exception>
    public object? ToValue(Payload payload, Type type)
    {
        if (type == typeof(IRawValue) || type == typeof(RawValue))
        {
            return new RawValue(payload);
        }
        if (!payload.Metadata.TryGetValue("encoding", out var encoding))
        {
            throw new ArgumentException("Payload missing encoding");
        }
        return byEncoding.TryGetValue(encoding.ToStringUtf8(), out var converter)
            ? converter.ToValue(payload, type)
            : throw new ArgumentException($"Unknown encoding {encoding.ToStringUtf8()}");
    }
}
