using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Durable.Protocol;
using Durable.Protocol.Http2;

namespace Durable.Server.Host.Tests;

/// <summary>The executable as a process of its own, on one port and one file over all its lives.</summary>
public sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan ReadyTimeout = TimeSpan.FromSeconds(60);

    private readonly List<string> arguments;
    private readonly GrpcClientTransport transport;
    private Process? process;

    public ServerProcess(string file, params string[] more)
    {
        Port = FreePort();
        arguments = ["server", "start-dev", "--headless", "--port", Port.ToString(CultureInfo.InvariantCulture), "--db-filename", file, .. more];
        transport = new GrpcClientTransport(new GrpcClientOptions { Target = $"127.0.0.1:{Port}", ConnectTimeout = TimeSpan.FromSeconds(30) });
    }

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, "Durable.Server.Host");

    public int Port { get; }

    /// <summary>Connects anew by itself when the server is back.</summary>
    public RpcTransport Client => transport;

    /// <summary>Starts the process and waits for the line that says it is ready.</summary>
    public async Task<TimeSpan> StartAsync()
    {
        var began = Stopwatch.GetTimestamp();
        process = Start([.. arguments]);
        using var deadline = new CancellationTokenSource(ReadyTimeout);
        while (await process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            if (line.StartsWith("Temporal Server:", StringComparison.Ordinal))
            {
                return Stopwatch.GetElapsedTime(began);
            }
        }
        throw new InvalidOperationException($"the server ended: {await process.StandardError.ReadToEndAsync(deadline.Token)}");
    }

    /// <summary>As <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        process!.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        process = null;
    }

    /// <summary>Ends it with a signal that it may handle.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> SignalAsync(string signal)
    {
        using (var kill = Process.Start("kill", [$"-{signal}", process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }
        using var deadline = new CancellationTokenSource(ReadyTimeout);
        await process.WaitForExitAsync(deadline.Token);
        return process.ExitCode;
    }

    /// <summary>What it writes to its standard error until it ends.</summary>
    public Task<string> ReadErrorsAsync(CancellationToken cancellationToken) => process!.StandardError.ReadToEndAsync(cancellationToken);

    /// <summary>Runs the executable until it ends by itself.</summary>
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        using var deadline = new CancellationTokenSource(ReadyTimeout);
        var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
        var errors = process.StandardError.ReadToEndAsync(deadline.Token);
        try
        {
            await process.WaitForExitAsync(deadline.Token);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }
        return (process.ExitCode, await output, await errors);
    }

    // Below the ports of outgoing connections (32768 and up), one of which could have this one while the server is down.
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transport.DisposeAsync();
        if (process is { HasExited: false })
        {
            await KillAsync();
        }
    }

    private static Process Start(IReadOnlyList<string> arguments) =>
        Process.Start(new ProcessStartInfo(Executable, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
}
