using System.Net.Sockets;
using System.Runtime.InteropServices;
using Durable.Server.Host;

ServerHostOptions options;
try
{
    if (args is [] or ["--help"] or ["-h"] or ["help"] or ["server"] || args.Contains("--help"))
    {
        Console.WriteLine(CommandLine.Usage);
        return 0;
    }
    options = CommandLine.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"Error: {wrong.Message}");
    await Console.Error.WriteLineAsync("See --help.");
    return 1;
}

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

// A shell's background jobs begin with SIGINT ignored, and .NET leaves it so; but it is what SDKs end their test servers with.
Signals.Heed(PosixSignal.SIGINT);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

try
{
    if (options.LogsConfig)
    {
        await Console.Error.WriteLineAsync(CommandLine.Describe(options));
    }
    await using var host = await ServerHost.StartAsync(options);
    Say("Temporal Server:", $"{options.Ip}:{host.Port}");
    Say("Temporal Persistence:", options.DatabaseFile ?? "in-memory");
    if (host.HttpPort is { } http)
    {
        Say("Temporal HTTP:", $"{options.Ip}:{http}");
    }
    if (host.UiPort is { } ui)
    {
        Say("Temporal UI:", $"http://{options.UiIp ?? options.Ip}:{ui}{options.UiPublicPath}");
    }
    if ((host.MetricsPort ?? host.UiPort) is { } metrics)
    {
        Say("Temporal Metrics:", $"http://{options.Ip}:{metrics}/metrics");
    }
    await stop.Task;
    return 0;
}
catch (Exception failed) when (failed is IOException or ArgumentException or SocketException or InvalidOperationException { InnerException: SocketException })
{
    await Console.Error.WriteLineAsync($"Error: failed starting server: {failed.Message}");
    return 1;
}

static void Say(string what, string where) => Console.WriteLine($"{what,-21} {where}");
