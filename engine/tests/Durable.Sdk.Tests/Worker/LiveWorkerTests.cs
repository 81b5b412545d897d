using Durable.Protocol.InProcess;
using Durable.Server;
using Durable.Server.Storage;
using Temporalio.Client;
using Temporalio.Exceptions;
using Temporalio.Worker;

namespace Durable.Sdk.Tests.Worker;

/// <summary>A worker against the embedded server of the same process.</summary>
public class LiveWorkerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(10_000)]
    [InlineData(0)]
    public async Task Worker_WorkflowWithEverything_RunsToItsEnd(int cached)
    {
        await using var server = await DurableServer.StartAsync(new() { Store = new MemoryStore() });
        await using var transport = new InProcessTransport(server.Router);
        var client = new TemporalClient(TemporalConnection.Over(transport, new TemporalConnectionOptions("in-process")), new TemporalClientOptions());
        using var worker = new TemporalWorker(
            client,
            new TemporalWorkerOptions("live") { MaxCachedWorkflows = cached }
                .AddWorkflow<Everything>().AddAllActivities(new EverythingActivities()));

        await worker.ExecuteAsync(async () =>
        {
            var handle = await client.StartWorkflowAsync((Everything w) => w.RunAsync("you"), new("everything", "live"));
            (await handle.ExecuteUpdateAsync(w => w.AddAsync("update"))).ShouldBe("Hello, update!");
            (await Should.ThrowAsync<WorkflowUpdateFailedException>(() => handle.ExecuteUpdateAsync(w => w.AddAsync(string.Empty))))
                .InnerException!.Message.ShouldBe("empty");
            (await handle.QueryAsync(w => w.Count())).ShouldBeGreaterThan(0);
            await handle.SignalAsync(w => w.FinishAsync());

            var result = await handle.GetResultAsync().WaitAsync(Patience);

            result.ShouldBe(["Hello, you!", "YOU", "timer", "patched", "update Hello, update!"], ignoreOrder: true);
        }).WaitAsync(Patience);
    }
}
