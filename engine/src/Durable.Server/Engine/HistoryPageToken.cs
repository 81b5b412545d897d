using System.Buffers.Binary;
using System.Text;
using Durable.Server.Executions;
using Google.Protobuf;

namespace Durable.Server.Engine;

/// <summary>Where a client reads on in a history.</summary>
/// <param name="Next">The first event not delivered yet.</param>
/// <param name="Before">Events from here on are not part of this reading; 0: no end.</param>
/// <param name="Tail">The reader holds a workflow task: events of it that are not stored follow the last page.</param>
internal readonly record struct HistoryPageToken(string RunId, long Next, long Before, bool Tail)
{
    public ByteString Encode()
    {
        var run = Encoding.ASCII.GetBytes(RunId);
        var bytes = new byte[17 + run.Length];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, Next);
        BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(8), Before);
        bytes[16] = Tail ? (byte)1 : (byte)0;
        run.CopyTo(bytes, 17);
        return ByteString.CopyFrom(bytes);
    }

    public static HistoryPageToken Decode(ByteString token)
    {
        var bytes = token.Span;
        if (bytes.Length != 53 || !Guid.TryParse(Encoding.ASCII.GetString(bytes[17..]), out _))
        {
            throw Faults.InvalidArgument("Invalid NextPageToken.");
        }
        return new HistoryPageToken(
            Encoding.ASCII.GetString(bytes[17..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]),
            bytes[16] == 1);
    }
}
