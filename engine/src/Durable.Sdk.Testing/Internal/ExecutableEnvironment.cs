using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Temporalio.Client;

namespace Temporalio.Testing.Internal;

/// <summary>On a server that is a child process.</summary>
internal sealed class ExecutableEnvironment : WorkflowEnvironment
{
    // A server with a large file or on a busy machine takes a while; one that answers sooner is used sooner.
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly TimeSkipping? skipping;

    private ExecutableEnvironment(ITemporalClient client, Process process, TimeSkipping? skipping)
        : base(client)
    {
        this.process = process;
        this.skipping = skipping;
        if (skipping is not null)
        {
            skipping.Service = client.Connection.TestService;
        }
    }

    public override bool SupportsTimeSkipping => skipping is not null;

    public static Task<WorkflowEnvironment> StartAsync(WorkflowEnvironmentStartLocalOptions options)
    {
        var (host, port) = Address(options.TargetHost);
        var server = options.DevServerOptions;
        List<string> args =
        [
            "server", "start-dev", "--port", port.ToString(CultureInfo.InvariantCulture), "--namespace", options.Namespace, "--ip", host,
            "--log-format", server.LogFormat, "--log-level", server.LogLevel,
        ];
        if (!options.UI)
        {
            args.Add("--headless");
        }
        else if (options.UIPort != 0)
        {
            args.AddRange(["--ui-port", options.UIPort.ToString(CultureInfo.InvariantCulture)]);
        }
        if (server.DatabaseFilename is { } file)
        {
            args.AddRange(["--db-filename", file]);
        }
        foreach (var key in options.SearchAttributes ?? [])
        {
            args.AddRange(["--search-attribute", $"{key.Name}={key.ValueType}"]);
        }
        args.AddRange(server.ExtraArgs ?? []);
        return StartAsync(server.ExistingPath!, args, $"{host}:{port}", options, null);
    }

    public static Task<WorkflowEnvironment> StartAsync(WorkflowEnvironmentStartTimeSkippingOptions options)
    {
        var (host, port) = Address(options.TargetHost);
        var skipping = new TimeSkipping();
        options.Interceptors = [skipping, .. options.Interceptors ?? []];
        return StartAsync(
            options.TestServer.ExistingPath!,
            [port.ToString(CultureInfo.InvariantCulture), .. options.TestServer.ExtraArgs ?? []],
            $"{host}:{port}",
            options,
            skipping);
    }

    public override Task DelayAsync(TimeSpan delay, CancellationToken? cancellationToken = null) =>
        skipping?.SleepAsync(delay, cancellationToken ?? default) ?? base.DelayAsync(delay, cancellationToken);

    public override Task<DateTime> GetCurrentTimeAsync() => skipping?.GetCurrentTimeAsync() ?? base.GetCurrentTimeAsync();

    public override Task<T> WithAutoTimeSkippingDisabledAsync<T>(Func<Task<T>> func) => skipping?.WithoutAsync(func) ?? func();

    public override async Task ShutdownAsync()
    {
        await StopAsync(process).ConfigureAwait(false);
        process.Dispose();
    }

    private static async Task<WorkflowEnvironment> StartAsync(
        string path, IReadOnlyList<string> args, string target, TemporalClientConnectOptions options, TimeSkipping? skipping)
    {
        options.TargetHost = target;
        var process = Process.Start(new ProcessStartInfo(path, args) { UseShellExecute = false }) ??
            throw new InvalidOperationException($"Failed starting '{path}'");
        try
        {
            return new ExecutableEnvironment(await ConnectAsync(process, options).ConfigureAwait(false), process, skipping);
        }
        catch
        {
            await StopAsync(process).ConfigureAwait(false);
            process.Dispose();
            throw;
        }
    }

    private static async Task<ITemporalClient> ConnectAsync(Process process, TemporalClientConnectOptions options)
    {
        var began = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return await TemporalClient.ConnectAsync(options).ConfigureAwait(false);
            }
            catch (InvalidOperationException e) when (!process.HasExited && Stopwatch.GetElapsedTime(began) < StartTimeout)
            {
                // Not there yet. The connection's own retries have waited between tries.
                _ = e;
            }
        }
    }

    private static async Task StopAsync(Process process)
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        await process.WaitForExitAsync().ConfigureAwait(false);
    }

    private static (string Host, int Port) Address(string? target)
    {
        if (target is not null)
        {
            var colon = target.LastIndexOf(':');
            return (target[..colon], int.Parse(target[(colon + 1)..], CultureInfo.InvariantCulture));
        }
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ("127.0.0.1", ((IPEndPoint)listener.LocalEndpoint).Port);
    }
}
