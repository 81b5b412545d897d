using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Payments.FaultProxy;

/// <summary>One listener that forwards to one upstream. Thread-safe.</summary>
public sealed class Proxy : IDisposable
{
    private readonly ConcurrentDictionary<CancellationTokenSource, byte> links = new();
    private readonly Lock changing = new();
    private readonly Random dice;
    private readonly TimeProvider clock;
    private Toxic[] toxics = [];
    private TcpListener? listener;

    internal Proxy(string name, string listen, string upstream, Random dice, TimeProvider clock)
    {
        Name = name;
        Listen = listen;
        Upstream = upstream;
        this.dice = dice;
        this.clock = clock;
    }

    public string Name { get; }

    /// <summary>The address it listens on; with port 0 the one it got.</summary>
    public string Listen { get; private set; }

    public string Upstream { get; private set; }

    public bool Enabled => listener is not null;

    public IReadOnlyList<Toxic> Toxics => toxics;

    internal EndPoint UpstreamEndPoint => Address(Upstream);

    internal IEnumerable<Toxic> ToxicsOf(string stream) => toxics.Where(toxic => toxic.Stream == stream);

    /// <exception cref="SocketException">The address is taken or makes no sense.</exception>
    /// <exception cref="FormatException">It is not <c>host:port</c>.</exception>
    internal void Start()
    {
        lock (changing)
        {
            if (listener is not null)
            {
                return;
            }
            var address = Address(Listen);
            var ip = address is IPEndPoint known ? known : new IPEndPoint(IPAddress.Loopback, ((DnsEndPoint)address).Port);
            var started = new TcpListener(ip);
            started.Start();
            Listen = started.LocalEndpoint.ToString()!;
            listener = started;
            _ = AcceptAsync(started);
        }
    }

    internal void Stop()
    {
        lock (changing)
        {
            listener?.Stop();
            listener = null;
        }
        foreach (var link in links.Keys)
        {
            try
            {
                link.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // It has just ended by itself.
            }
        }
    }

    internal void Change(string? listen, string? upstream, bool? enabled)
    {
        var on = enabled ?? Enabled;
        if ((listen is not null && listen != Listen) || (upstream is not null && upstream != Upstream) || !on)
        {
            Stop();
        }
        Listen = listen ?? Listen;
        Upstream = upstream ?? Upstream;
        if (on)
        {
            Start();
        }
    }

    /// <summary>Also for connections that are open: each throws its dice for a toxic that it has not met.</summary>
    internal void Set(IEnumerable<Toxic> next) => toxics = [.. next];

    public void Dispose() => Stop();

    private async Task AcceptAsync(TcpListener from)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await from.AcceptSocketAsync().ConfigureAwait(false);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                // Stopped.
                return;
            }
            client.NoDelay = true;
            _ = RunAsync(client);
        }
    }

    private async Task RunAsync(Socket client)
    {
        using var cancellation = new CancellationTokenSource();
        links.TryAdd(cancellation, 0);
        await new ProxyLink(client, this, dice, clock).RunAsync(cancellation.Token).ConfigureAwait(false);
        links.TryRemove(cancellation, out _);
    }

    private static EndPoint Address(string text)
    {
        var colon = text.LastIndexOf(':');
        if (colon < 0 || !ushort.TryParse(text.AsSpan(colon + 1), out var port))
        {
            throw new FormatException($"\"{text}\" is not host:port.");
        }
        var host = text[..colon].Trim('[', ']');
        return host.Length == 0 ? new IPEndPoint(IPAddress.Loopback, port)
            : IPAddress.TryParse(host, out var ip) ? new IPEndPoint(ip, port)
            : new DnsEndPoint(host, port);
    }
}
