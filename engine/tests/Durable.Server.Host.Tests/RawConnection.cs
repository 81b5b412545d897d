using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Durable.Server.Host.Tests;

/// <summary>A client that sends bytes as a test wants them, for what no proper client does.</summary>
public sealed class RawConnection : IDisposable
{
    public const byte Data = 0;
    public const byte Headers = 1;
    public const byte RstStream = 3;
    public const byte Settings = 4;
    public const byte Ping = 6;
    public const byte EndStream = 1;
    public const byte EndHeaders = 4;

    private readonly TcpClient socket = new();

    private RawConnection()
    {
    }

    public NetworkStream Stream => socket.GetStream();

    public static async Task<RawConnection> OpenAsync(int port)
    {
        var connection = new RawConnection();
        await connection.socket.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
        return connection;
    }

    /// <summary>The preface and empty settings.</summary>
    public async Task BeginHttp2Async() =>
        await SendAsync([.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0)]);

    public async Task SendAsync(byte[] bytes) => await Stream.WriteAsync(bytes, TestContext.Current.CancellationToken);

    /// <summary>Everything until the peer closes, at most <paramref name="within"/>.</summary>
    public async Task<byte[]> ReadToEndAsync(TimeSpan within)
    {
        using var deadline = new CancellationTokenSource(within);
        using var all = new MemoryStream();
        try
        {
            await Stream.CopyToAsync(all, deadline.Token);
        }
        catch (IOException)
        {
            // Reset: as good as closed.
        }
        return all.ToArray();
    }

    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    /// <summary>A gRPC request's header block, every field as a literal without indexing (RFC 7541, section 6.2.2).</summary>
    public static byte[] RequestHeaders(string path)
    {
        var block = new List<byte>();
        foreach (var (name, value) in new[]
        {
            (":method", "POST"), (":scheme", "http"), (":path", path), (":authority", "localhost"), ("content-type", "application/grpc"), ("te", "trailers"),
        })
        {
            block.Add(0);
            Append(name);
            Append(value);
        }
        return [.. block];

        void Append(string text)
        {
            block.Add(checked((byte)text.Length));
            block.AddRange(Encoding.ASCII.GetBytes(text));
        }
    }

    public void Dispose() => socket.Dispose();
}
