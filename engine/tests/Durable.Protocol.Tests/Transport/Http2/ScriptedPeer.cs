using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Durable.Protocol.Tests.Transport.Http2;

/// <summary>
/// A peer that speaks just enough HTTP/2 to answer the first request of each connection with given bytes and then to
/// close it: for the endings of a call that a well-behaved server does not produce.
/// </summary>
public sealed class ScriptedPeer : IAsyncDisposable
{
    private const byte Headers = 1; // DATA is 0.
    private const byte EndStream = 1;
    private const byte Settings = 4;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stop = new();
    private readonly Task accepting;

    /// <param name="answer">Sent once the request has come.</param>
    /// <param name="early">Sent once its HEADERS have come, and the rest is never read.</param>
    public ScriptedPeer(byte[] answer, bool early = false)
    {
        listener.Start();
        accepting = AcceptAsync(answer, early);
    }

    public string Target => $"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port}";

    /// <summary>An HTTP/2 frame without payload padding (RFC 9113, section 4.1).</summary>
    public static byte[] Frame(byte type, byte flags, int stream, params byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        BinaryPrimitives.WriteUInt32BigEndian(frame, (uint)payload.Length << 8 | type);
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        return frame;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await accepting;
        stop.Dispose();
    }

    private async Task AcceptAsync(byte[] answer, bool early)
    {
        try
        {
            while (true)
            {
                using var socket = await listener.AcceptSocketAsync(stop.Token);
                await ServeAsync(new NetworkStream(socket), answer, early);
            }
        }
        catch (Exception) when (stop.IsCancellationRequested)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(NetworkStream stream, byte[] answer, bool early)
    {
        try
        {
            await stream.ReadExactlyAsync(new byte[24], stop.Token);
            await stream.WriteAsync(Frame(Settings, 0, 0), stop.Token);
            var header = new byte[9];
            while (true)
            {
                await stream.ReadExactlyAsync(header, stop.Token);
                await stream.ReadExactlyAsync(new byte[header[0] << 16 | header[1] << 8 | header[2]], stop.Token);
                if (early ? header[3] == Headers : header[3] <= Headers && (header[4] & EndStream) != 0)
                {
                    await stream.WriteAsync(answer, stop.Token);
                    stream.Socket.Shutdown(SocketShutdown.Send);
                }
            }
        }
        catch (IOException)
        {
            // The client closed its end.
        }
    }
}
