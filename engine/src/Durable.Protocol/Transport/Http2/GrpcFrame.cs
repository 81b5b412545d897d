using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;

namespace Durable.Protocol.Http2;

/// <summary>The length-prefixed message of gRPC: one flag byte (1: compressed), four bytes of length, the message.</summary>
public static class GrpcFrame
{
    public const int PrefixLength = 5;

    /// <summary>The whole frame, uncompressed, in one array of exactly its size.</summary>
    public static byte[] Write(IMessage message)
    {
        var size = message.CalculateSize();
        var frame = GC.AllocateUninitializedArray<byte>(PrefixLength + size);
        frame[0] = 0;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)size);
        message.WriteTo(frame.AsSpan(PrefixLength));
        return frame;
    }

    public static byte[] WriteGzip(IMessage message)
    {
        using var compressed = new MemoryStream();
        compressed.Write(stackalloc byte[PrefixLength]);
        using (var gzip = new GZipStream(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            message.WriteTo(gzip);
        }
        var frame = compressed.ToArray();
        frame[0] = 1;
        BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(1), (uint)(frame.Length - PrefixLength));
        return frame;
    }

    /// <summary>Reads the one message of a unary call to its end.</summary>
    /// <exception cref="RpcFaultException">Not one whole message (<c>Internal</c>), or larger than
    /// <paramref name="maximumBytes"/>, before or after inflating (<c>ResourceExhausted</c>, grpc-go's words, which SDKs look for).</exception>
    public static async ValueTask<GrpcBody?> ReadAsync(Stream body, bool gzip, int maximumBytes, CancellationToken cancellationToken)
    {
        var prefix = new byte[PrefixLength];
        var read = await body.ReadAtLeastAsync(prefix, PrefixLength, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
        if (read == 0)
        {
            return null;
        }
        if (read < PrefixLength)
        {
            throw new RpcFaultException(RpcStatusCode.Internal, "unexpected EOF in the prefix of a message");
        }
        var length = BinaryPrimitives.ReadUInt32BigEndian(prefix.AsSpan(1));
        if (prefix[0] > 1)
        {
            throw new RpcFaultException(RpcStatusCode.Internal, $"grpc: received unexpected payload format {prefix[0]}");
        }
        if (length > (uint)maximumBytes)
        {
            throw new RpcFaultException(RpcStatusCode.ResourceExhausted, $"grpc: received message larger than max ({length} vs. {maximumBytes})");
        }
        var buffer = ArrayPool<byte>.Shared.Rent((int)length);
        try
        {
            read = await body.ReadAtLeastAsync(buffer.AsMemory(0, (int)length), (int)length, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            if (read < length)
            {
                throw new RpcFaultException(RpcStatusCode.Internal, "unexpected EOF in a message");
            }
            if (prefix[0] == 0)
            {
                return new GrpcBody(buffer, (int)length);
            }
            if (!gzip)
            {
                throw new RpcFaultException(RpcStatusCode.Internal, "grpc: compressed flag set with identity or empty encoding");
            }
            var inflated = Inflate(buffer.AsMemory(0, (int)length), maximumBytes);
            ArrayPool<byte>.Shared.Return(buffer);
            return inflated;
        }
        catch
        {
            ArrayPool<byte>.Shared.Return(buffer);
            throw;
        }
    }

    private static GrpcBody Inflate(ReadOnlyMemory<byte> compressed, int maximumBytes)
    {
        var target = ArrayPool<byte>.Shared.Rent(Math.Min(maximumBytes, Math.Max(1024, compressed.Length * 4)));
        var length = 0;
        try
        {
            using var gzip = new GZipStream(new MemoryStream(compressed.ToArray(), writable: false), CompressionMode.Decompress);
            while (true)
            {
                if (length == target.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(target.Length * 2);
                    target.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(target);
                    target = larger;
                }
                var read = gzip.Read(target, length, target.Length - length);
                if (read == 0)
                {
                    return new GrpcBody(target, length);
                }
                length += read;
                if (length > maximumBytes)
                {
                    throw new RpcFaultException(
                        RpcStatusCode.ResourceExhausted, $"grpc: received message after decompression larger than max {maximumBytes}");
                }
            }
        }
        catch (InvalidDataException broken)
        {
            ArrayPool<byte>.Shared.Return(target);
            throw new RpcFaultException(RpcStatusCode.Internal, "grpc: failed to decompress the received message", [], broken);
        }
        catch (RpcFaultException)
        {
            ArrayPool<byte>.Shared.Return(target);
            throw;
        }
    }
}

/// <summary>A received message in a pooled buffer: dispose after parsing.</summary>
public readonly struct GrpcBody(byte[] buffer, int length) : IDisposable
{
    public ReadOnlyMemory<byte> Memory => buffer.AsMemory(0, length);

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);
}
