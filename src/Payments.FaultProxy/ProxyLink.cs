using System.Net;
using System.Net.Sockets;

namespace Payments.FaultProxy;

/// <summary>One connection through the proxy: two pumps, each with the toxics that the dice gave its direction.</summary>
internal sealed class ProxyLink(Socket client, Proxy proxy, Random dice, TimeProvider clock)
{
    private const int ChunkBytes = 16 * 1024;

    private readonly CancellationTokenSource over = new();
    private readonly Socket server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private volatile bool reset;

    /// <summary>Runs until both directions have ended, or one of them ended the connection.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        // Declared in this order: whoever cancels must not meet a source that is gone.
        using var disposed = over;
        using var ended = cancellation.Register(over.Cancel);
        try
        {
            await server.ConnectAsync(proxy.UpstreamEndPoint, over.Token).ConfigureAwait(false);
            await Task.WhenAll(
                PumpAsync(client, server, Toxic.Upstream),
                PumpAsync(server, client, Toxic.Downstream)).ConfigureAwait(false);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            // The connection is over, which is all there is to know: the proxy is here to lose connections.
        }
        finally
        {
            Close(client);
            Close(server);
        }
    }

    /// <summary>The toxics of now that this direction has; whether it has one is thrown once.</summary>
    private Toxic[] Thrown(string stream, Dictionary<Toxic, bool> thrown)
    {
        var now = proxy.ToxicsOf(stream).ToArray();
        if (now.Length == 0)
        {
            return now;
        }
        lock (dice)
        {
            foreach (var toxic in now)
            {
                if (!thrown.ContainsKey(toxic))
                {
                    thrown.Add(toxic, dice.NextDouble() < toxic.Toxicity);
                }
            }
        }
        return [.. now.Where(toxic => thrown[toxic])];
    }

    private async Task PumpAsync(Socket from, Socket to, string stream)
    {
        try
        {
            var buffer = new byte[ChunkBytes];
            var thrown = new Dictionary<Toxic, bool>(ReferenceEqualityComparer.Instance);
            long passed = 0;
            int read;
            while ((read = await from.ReceiveAsync(buffer, over.Token).ConfigureAwait(false)) > 0)
            {
                var data = buffer.AsMemory(0, read);
                foreach (var toxic in Thrown(stream, thrown))
                {
                    data = await ApplyAsync(toxic, data, passed).ConfigureAwait(false);
                }
                await SendAsync(to, data, Thrown(stream, thrown).FirstOrDefault(toxic => toxic.Type == "slicer")).ConfigureAwait(false);
                passed += data.Length;
                if (data.Length < read)
                {
                    break;
                }
            }
            foreach (var toxic in Thrown(stream, thrown).Where(toxic => toxic.Type == "slow_close"))
            {
                await WaitAsync(toxic.Number("delay")).ConfigureAwait(false);
            }
            // Half-closed: the other direction may still have something to say.
            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await over.CancelAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Sliced, in pieces of about the average size, each a delay (in microseconds) after the other.
    private async Task SendAsync(Socket to, Memory<byte> data, Toxic? slicer)
    {
        for (var sent = 0; sent < data.Length;)
        {
            var piece = data.Length - sent;
            if (slicer is not null)
            {
                piece = (int)Math.Clamp(slicer.Number("average_size") + Jitter(slicer.Number("size_variation")), 1, piece);
                if (sent > 0 && slicer.Number("delay") is > 0 and var delay)
                {
                    await Task.Delay(TimeSpan.FromMicroseconds(delay), clock, over.Token).ConfigureAwait(false);
                }
            }
            sent += await to.SendAsync(data.Slice(sent, piece), over.Token).ConfigureAwait(false);
        }
    }

    /// <returns>What of the data goes on; less than came means that the stream ends there.</returns>
    private async Task<Memory<byte>> ApplyAsync(Toxic toxic, Memory<byte> data, long passed)
    {
        switch (toxic.Type)
        {
            case "latency":
                await WaitAsync(Math.Max(0, toxic.Number("latency") + Jitter(toxic.Number("jitter")))).ConfigureAwait(false);
                return data;
            case "bandwidth":
                var rate = Math.Max(1, toxic.Number("rate"));
                await WaitAsync(data.Length / rate).ConfigureAwait(false);
                return data;
            case "timeout":
                var after = toxic.Number("timeout");
                await Task.Delay(after == 0 ? Timeout.InfiniteTimeSpan : TimeSpan.FromMilliseconds(after), clock, over.Token).ConfigureAwait(false);
                throw new OperationCanceledException();
            case "reset_peer":
                await WaitAsync(toxic.Number("timeout")).ConfigureAwait(false);
                reset = true;
                throw new OperationCanceledException();
            case "limit_data":
                return data[..(int)Math.Clamp(toxic.Number("bytes") - passed, 0, data.Length)];
            default:
                return data;
        }
    }

    private long Jitter(long jitter)
    {
        lock (dice)
        {
            return jitter <= 0 ? 0 : dice.NextInt64(-jitter, jitter + 1);
        }
    }

    private Task WaitAsync(long milliseconds) =>
        milliseconds <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), clock, over.Token);

    private void Close(Socket socket)
    {
        if (reset)
        {
            // Lingering for no time makes the kernel send a reset instead of an orderly end.
            socket.LingerState = new LingerOption(true, 0);
        }
        socket.Dispose();
    }
}
