using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace Durable.Protocol;

/// <summary>
/// Strings of proto3 are UTF-8. The parser puts U+FFFD for what is none, so two ids that differ would become one; grpc-go refuses the message, and so does this.
/// </summary>
internal static class WireStrings
{
    /// <param name="message">Parsed from <paramref name="bytes"/>, which therefore are well-formed but for their strings.</param>
    /// <exception cref="RpcFaultException">INTERNAL: a string is no UTF-8.</exception>
    public static void RequireUtf8(IMessage message, ReadOnlySpan<byte> bytes)
    {
        // The walk asks for descriptors, which take a process a moment to load, so most messages are told apart without them.
        if (!Ascii.IsValid(bytes) && !IsWrittenAs(message, bytes))
        {
            Walk(message.Descriptor, bytes);
        }
    }

    /// <summary>The same bytes again: no string was changed by the parser. A client may write a message in other ways too, so the opposite says nothing.</summary>
    private static bool IsWrittenAs(IMessage message, ReadOnlySpan<byte> bytes)
    {
        if (message.CalculateSize() != bytes.Length)
        {
            return false;
        }
        var buffer = ArrayPool<byte>.Shared.Rent(bytes.Length);
        try
        {
            var written = buffer.AsSpan(0, bytes.Length);
            message.WriteTo(written);
            return written.SequenceEqual(bytes);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static void Walk(MessageDescriptor type, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            var tag = Varint(ref bytes);
            var field = type.FindFieldByNumber((int)(tag >> 3));
            switch (tag & 7)
            {
                case 0:
                    Varint(ref bytes);
                    break;
                case 1:
                    bytes = bytes[sizeof(ulong)..];
                    break;
                case 2:
                    var length = (int)Varint(ref bytes);
                    Look(field, bytes[..length]);
                    bytes = bytes[length..];
                    break;
                case 5:
                    bytes = bytes[sizeof(uint)..];
                    break;
                default:
                    // A group: no message of Temporal has one, so this is nothing that anybody reads.
                    return;
            }
        }
    }

    private static void Look(FieldDescriptor? field, ReadOnlySpan<byte> value)
    {
        switch (field?.FieldType)
        {
            case FieldType.String when !Utf8.IsValid(value):
                throw new RpcFaultException(RpcStatusCode.Internal, $"grpc: error unmarshalling request: proto: field {field.FullName} contains invalid UTF-8");
            case FieldType.Message when !Ascii.IsValid(value):
                Walk(field.MessageType, value);
                break;
        }
    }

    private static ulong Varint(ref ReadOnlySpan<byte> bytes)
    {
        var value = 0UL;
        for (var i = 0; ; i++)
        {
            value |= (ulong)(bytes[i] & 0x7F) << (7 * i);
            if (bytes[i] < 0x80)
            {
                bytes = bytes[(i + 1)..];
                return value;
            }
        }
    }
}
