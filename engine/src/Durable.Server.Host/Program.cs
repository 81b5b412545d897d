using System.Runtime.InteropServices;
using Durable.Server.Host;

ServerHostOptions options;
try
{
    options = CommandLine.Parse(args);
}
catch (ArgumentException wrong)
{
    await Console.Error.WriteLineAsync($"Error: {wrong.Message}");
    return 1;
}

var stop = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.TrySetResult();
}

using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);

try
{
    await using var host = await ServerHost.StartAsync(options);
    Console.WriteLine($"Temporal Server:  {options.Ip}:{host.Port}");
    if (host.UiPort is { } ui)
    {
        Console.WriteLine($"Web UI:           http://{options.UiIp ?? options.Ip}:{ui}");
    }
    await stop.Task;
    return 0;
}
catch (Exception failed) when (failed is IOException or ArgumentException)
{
    await Console.Error.WriteLineAsync($"Error: {failed.Message}");
    return 1;
}
