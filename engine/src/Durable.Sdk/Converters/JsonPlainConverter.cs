using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Everything else as <c>json/plain</c>, by System.Text.Json.</summary>
public class JsonPlainConverter : IEncodingConverter
{
    private static readonly ByteString EncodingBytes = ByteString.CopyFromUtf8("json/plain");

    public JsonPlainConverter(JsonSerializerOptions serializerOptions) => SerializerOptions = serializerOptions;

    protected JsonSerializerOptions SerializerOptions { get; }

    /// <inheritdoc/>
    public virtual string Encoding => "json/plain";

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimmed applications give options with generated metadata.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Trimmed applications give options with generated metadata.")]
    public virtual bool TryToPayload(object? value, out Payload? payload)
    {
        payload = new Payload
        {
            Metadata = { ["encoding"] = EncodingBytes },
            Data = UnsafeByteOperations.UnsafeWrap(JsonSerializer.SerializeToUtf8Bytes(value, SerializerOptions)),
        };
        return true;
    }

    /// <inheritdoc/>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Trimmed applications give options with generated metadata.")]
    [UnconditionalSuppressMessage("AOT", "IL3050", Justification = "Trimmed applications give options with generated metadata.")]
    public virtual object? ToValue(Payload payload, Type type) => JsonSerializer.Deserialize(payload.Data.Span, type, SerializerOptions);
}
