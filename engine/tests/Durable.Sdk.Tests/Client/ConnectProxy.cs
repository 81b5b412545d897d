using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Durable.Sdk.Tests.Client;

/// <summary>An HTTP proxy that knows CONNECT, and wants a name and password.</summary>
internal sealed class ConnectProxy : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly string authorization;
    private readonly Task accepting;

    public ConnectProxy(string user, string password)
    {
        authorization = $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}";
        listener.Start();
        accepting = AcceptAsync();
    }

    public string Target => listener.LocalEndpoint.ToString()!;

    public int Tunnels { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            var client = await listener.AcceptTcpClientAsync(stopping.Token);
            _ = ServeAsync(client);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var _ = client;
        var stream = client.GetStream();
        var request = new StringBuilder();
        var one = new byte[1];
        while (!request.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            await stream.ReadExactlyAsync(one, stopping.Token);
            request.Append((char)one[0]);
        }
        var lines = request.ToString().Split("\r\n");
        if (!lines.Contains(authorization))
        {
            await stream.WriteAsync("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"u8.ToArray(), stopping.Token);
            return;
        }
        var target = lines[0].Split(' ')[1].Split(':');
        using var upstream = new TcpClient();
        await upstream.ConnectAsync(target[0], int.Parse(target[1], System.Globalization.CultureInfo.InvariantCulture), stopping.Token);
        Tunnels++;
        await stream.WriteAsync("HTTP/1.1 200 Connection established\r\n\r\n"u8.ToArray(), stopping.Token);
        await Task.WhenAny(stream.CopyToAsync(upstream.GetStream(), stopping.Token), upstream.GetStream().CopyToAsync(stream, stopping.Token));
    }
}
