using System.Diagnostics.CodeAnalysis;
using Google.Protobuf;
using Google.Protobuf.Reflection;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Protobuf messages as <c>json/protobuf</c>.</summary>
public class JsonProtoConverter : IEncodingConverter
{
    private static readonly ByteString EncodingBytes = ByteString.CopyFromUtf8("json/protobuf");

    public JsonProtoConverter()
        : this(JsonFormatter.Default, new(JsonParser.Settings.Default.WithIgnoreUnknownFields(true)))
    {
    }

    public JsonProtoConverter(JsonFormatter formatter, JsonParser parser)
    {
        Formatter = formatter;
        Parser = parser;
    }

    protected JsonFormatter Formatter { get; }

    protected JsonParser Parser { get; }

    /// <inheritdoc/>
    public string Encoding => "json/protobuf";

    /// <inheritdoc/>
    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is IMessage message
            ? new Payload
            {
                Metadata = { ["encoding"] = EncodingBytes, ["messageType"] = ByteString.CopyFromUtf8(message.Descriptor.FullName) },
                Data = ByteString.CopyFromUtf8(Formatter.Format(message)),
            }
            : null;
        return payload is not null;
    }

    /// <inheritdoc/>
    public object? ToValue(Payload payload, Type type) => Parser.Parse(payload.Data.ToStringUtf8(), DescriptorOf(payload, type));

    [UnconditionalSuppressMessage("Trimming", "IL2070", Justification = "Generated messages keep their Descriptor.")]
    internal static MessageDescriptor DescriptorOf(Payload payload, Type type)
    {
        if (!typeof(IMessage).IsAssignableFrom(type))
        {
            throw new ArgumentException($"Payload is protobuf message, but type is {type}");
        }
        if (type.GetProperty("Descriptor", typeof(MessageDescriptor))?.GetValue(null) is not MessageDescriptor descriptor)
        {
            throw new ArgumentException($"Protobuf type {type} does not have expected Descriptor static field");
        }
        var name = payload.Metadata.TryGetValue("messageType", out var bytes) ? bytes.ToStringUtf8() : throw new ArgumentException("Payload missing message type");
        return name == descriptor.FullName
            ? descriptor
            : throw new ArgumentException($"Payload has protobuf message type {name} but given type's message type is {descriptor.FullName}");
    }
}
