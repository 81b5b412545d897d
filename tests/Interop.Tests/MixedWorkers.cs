using System.Diagnostics;
using Durable.Server.Host;
using Temporalio.Client;
using Temporalio.Worker;

namespace Interop.Tests;

/// <summary>A server, a worker of the genuine TypeScript SDK and a worker in C#, on a queue each.</summary>
public sealed class MixedWorkers : IAsyncLifetime
{
    public const string TypeScriptQueue = "typescript";
    public const string CSharpQueue = "csharp";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private readonly CancellationTokenSource stop = new();
    private ServerHost? host;
    private Process? node;
    private TemporalWorker? worker;
    private Task running = Task.CompletedTask;
    private TemporalClient? client;

    /// <summary>Why there is no worker; null when there is.</summary>
    public string? Absent { get; private set; }

    public TemporalClient Client => client ?? throw new InvalidOperationException("not started");

    public WorkflowOptions Start(string taskQueue) => new($"mixed-{Guid.NewGuid()}", taskQueue) { ExecutionTimeout = Patience };

    public async ValueTask InitializeAsync()
    {
        Absent = await NodeProcess.MissingAsync();
        if (Absent is not null)
        {
            return;
        }
        host = await ServerHost.StartAsync(new ServerHostOptions { Port = 0, Headless = true, LogLevel = Microsoft.Extensions.Logging.LogLevel.Error });
        var address = $"127.0.0.1:{host.Port}";
        node = NodeProcess.Start("mixed/worker.mjs", address, TypeScriptQueue);
        client = await TemporalClient.ConnectAsync(new(address));
        worker = new TemporalWorker(
            client,
            new TemporalWorkerOptions(CSharpQueue).AddAllActivities(typeof(CSharpActivities), null).AddWorkflow<CSharpChild>().AddWorkflow<CallsTypeScript>());
        running = worker.ExecuteAsync(stop.Token);
        var line = await node.StandardOutput.ReadLineAsync().WaitAsync(Patience);
        if (line != "ready")
        {
            throw new InvalidOperationException($"the TypeScript worker said: {line}\n{await node.StandardError.ReadToEndAsync()}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException)
        {
            // That is how a worker ends.
        }
        worker?.Dispose();
        node?.Kill(entireProcessTree: true);
        node?.Dispose();
        if (host is not null)
        {
            await host.DisposeAsync();
        }
        stop.Dispose();
    }
}
