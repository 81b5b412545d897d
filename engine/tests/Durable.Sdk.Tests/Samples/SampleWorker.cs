using Temporalio.Client;
using Temporalio.Testing;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Samples;

/// <summary>A server in process and a worker on it, as the tests of the official samples set them up.</summary>
internal static class SampleWorker
{
    public const string TaskQueue = "samples";

    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Runs a function beside a worker.</summary>
    /// <param name="configure">Changes how the client is made; null: as it comes.</param>
    /// <param name="detectsDeadlocks">Whether code that takes two seconds fails its task. On a busy machine that is any code, and tests count tasks.</param>
    public static async Task RunAsync(
        TemporalWorkerOptions options, Func<ITemporalClient, Task> test, Action<TemporalClientConnectOptions>? configure = null, bool detectsDeadlocks = false)
    {
        options.DebugMode = !detectsDeadlocks;
        var environmentOptions = new WorkflowEnvironmentStartLocalOptions();
        configure?.Invoke(environmentOptions);
        await using var environment = await WorkflowEnvironment.StartLocalAsync(environmentOptions);
        options.TaskQueue ??= TaskQueue;
        using var worker = new TemporalWorker(environment.Client, options);
        await worker.ExecuteAsync(() => test(environment.Client)).WaitAsync(Patience);
    }

    /// <summary>Looks until something is so.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!await condition())
        {
            await Task.Delay(20, patience.Token);
        }
    }

    public static WorkflowOptions Start(string? id = null) => new(id ?? $"sample-{Guid.NewGuid()}", TaskQueue);
}
