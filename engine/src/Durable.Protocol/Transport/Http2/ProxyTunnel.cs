using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Durable.Protocol.Http2;

/// <summary>Connections through an HTTP proxy, with CONNECT. What goes through is TLS or plain HTTP/2, the proxy does not look at it.</summary>
internal static class ProxyTunnel
{
    /// <summary>Proxies answer with a few lines; more than this is something else.</summary>
    private const int MaximumAnswerBytes = 16 * 1024;

    /// <exception cref="HttpRequestException">The proxy refused, or is none.</exception>
    public static async ValueTask<Stream> OpenAsync(GrpcProxyOptions proxy, DnsEndPoint target, CancellationToken cancellationToken)
    {
        var (host, port) = AddressOf(proxy.Target);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(host, port, cancellationToken).ConfigureAwait(false);
            var stream = new NetworkStream(socket, ownsSocket: true);
            var name = $"{target.Host}:{target.Port}";
            var request = $"CONNECT {name} HTTP/1.1\r\nHost: {name}\r\n";
            if (proxy.User is { } user)
            {
                request += $"Proxy-Authorization: Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{proxy.Password}"))}\r\n";
            }
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request + "\r\n"), cancellationToken).ConfigureAwait(false);
            var status = await StatusAsync(stream, cancellationToken).ConfigureAwait(false);
            return status.Split(' ') is ["HTTP/1.1" or "HTTP/1.0", ['2', _, _], ..]
                ? stream
                : throw new HttpRequestException($"proxy {proxy.Target} answered '{status}' to CONNECT {name}");
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static (string Host, int Port) AddressOf(string target)
    {
        var colon = target.LastIndexOf(':');
        return colon > 0 && int.TryParse(target.AsSpan(colon + 1), out var port)
            ? (target[..colon].Trim('[', ']'), port)
            : throw new HttpRequestException($"proxy '{target}' is not in host:port form");
    }

    // Byte by byte: what follows the answer is the tunnel's.
    private static async Task<string> StatusAsync(Stream stream, CancellationToken cancellationToken)
    {
        var answer = new StringBuilder();
        var one = new byte[1];
        while (!(answer.Length >= 4 && answer[^1] == '\n' && answer[^2] == '\r' && answer[^3] == '\n' && answer[^4] == '\r'))
        {
            if (answer.Length == MaximumAnswerBytes || await stream.ReadAsync(one, cancellationToken).ConfigureAwait(false) == 0)
            {
                break;
            }
            answer.Append((char)one[0]);
        }
        var text = answer.ToString();
        return text.Split("\r\n")[0];
    }
}
