using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Tries encodings in order to write, and reads by the payload's encoding.</summary>
public class DefaultPayloadConverter : IPayloadConverter, IWithSerializationContext<IPayloadConverter>
{
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
        IndexedEncodingConverters = encodingConverters.ToDictionary(static converter => ByteString.CopyFromUtf8(converter.Encoding));
    }

    /// <summary>In the order in which they are asked to write.</summary>
    public IReadOnlyCollection<IEncodingConverter> EncodingConverters { get; private set; }

    /// <summary>By the bytes of the encoding's name.</summary>
    protected IReadOnlyDictionary<ByteString, IEncodingConverter> IndexedEncodingConverters { get; private set; }

    /// <summary>This one, unless an encoding wants to know the context.</summary>
    public virtual IPayloadConverter WithSerializationContext(ISerializationContext context)
    {
        var changed = false;
        var converters = EncodingConverters.Select(converter =>
        {
            var own = converter is IWithSerializationContext<IEncodingConverter> wants ? wants.WithSerializationContext(context) : converter;
            changed |= !ReferenceEquals(own, converter);
            return own;
        }).ToArray();
        if (!changed)
        {
            return this;
        }
        // A copy of whatever this is: a derived converter keeps its own.
        var copy = (DefaultPayloadConverter)MemberwiseClone();
        copy.EncodingConverters = converters;
        copy.IndexedEncodingConverters = converters.ToDictionary(static converter => ByteString.CopyFromUtf8(converter.Encoding));
        return copy;
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">No encoding takes the value.</exception>
    public Payload ToPayload(object? value)
    {
        if (value is IEncodedRawValue)
        {
            throw new InvalidOperationException("Cannot convert IEncodedRawValue");
        }
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
        throw new ArgumentException($"Value of type {value?.GetType().ToString() ?? "<null>"} has no known converter");
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
        return IndexedEncodingConverters.TryGetValue(encoding, out var converter)
            ? converter.ToValue(payload, type)
            : throw new ArgumentException($"Unknown payload encoding {encoding.ToStringUtf8()}");
    }
}
