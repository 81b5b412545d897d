using Google.Protobuf;
using Temporalio.Api.Common.V1;

namespace Temporalio.Converters;

/// <summary>Null as <c>binary/null</c> without data.</summary>
public class BinaryNullConverter : IEncodingConverter
{
    private static readonly ByteString EncodingBytes = ByteString.CopyFromUtf8("binary/null");

    /// <inheritdoc/>
    public string Encoding => "binary/null";

    /// <inheritdoc/>
    public bool TryToPayload(object? value, out Payload? payload)
    {
        payload = value is null ? new Payload { Metadata = { ["encoding"] = EncodingBytes } } : null;
        return value is null;
    }

    /// <inheritdoc/>
    public object? ToValue(Payload payload, Type type) =>
        payload.Data.Length > 0 ? throw new ArgumentException("Expected empty data for binary/null")
        : type.IsValueType && Nullable.GetUnderlyingType(type) is null ? throw new ArgumentException($"Payload is null, but {type} is not nullable")
        : null;
}
