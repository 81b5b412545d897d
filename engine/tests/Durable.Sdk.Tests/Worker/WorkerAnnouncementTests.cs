using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Sdk.Tests.Samples;
using Durable.Server;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Exceptions;
using Temporalio.Runtime;
using Temporalio.Worker;
using VersioningBehavior = Temporalio.Common.VersioningBehavior;

namespace Durable.Sdk.Tests.Worker;

/// <summary>What a worker says of itself, for servers that route by version or keep a list of workers.</summary>
public class WorkerAnnouncementTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task VersionedWorker_SaysItsVersionInPollsAndAnswers(bool versioned)
    {
        await using var server = await DurableServer.StartAsync(new() { Store = new MemoryStore() });
        await using var transport = new Recorder(new InProcessTransport(server.Router));
        var client = new TemporalClient(TemporalConnection.Over(transport, new TemporalConnectionOptions("in-process")), new TemporalClientOptions());
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(SampleWorker.TaskQueue)
        {
            DeploymentOptions = new(new WorkerDeploymentVersion("shop", "1.2"), versioned) { DefaultVersioningBehavior = VersioningBehavior.Pinned },
        }.AddWorkflow<GreetingWorkflow>().AddAllActivities(new GreetingActivities()));

        await worker.ExecuteAsync(async () =>
        {
            if (versioned)
            {
                // Once a poll has made the version known, new workflows can go to it.
                await SampleWorker.UntilAsync(() => IsCurrentAsync(client.WorkflowService));
            }
            await client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start());
        }).WaitAsync(SampleWorker.Patience);

        var mode = versioned ? WorkerVersioningMode.Versioned : WorkerVersioningMode.Unversioned;
        var polls = transport.Requests.OfType<PollWorkflowTaskQueueRequest>().Select(static poll => poll.DeploymentOptions)
            .Concat(transport.Requests.OfType<PollActivityTaskQueueRequest>().Select(static poll => poll.DeploymentOptions)).ToArray();
        polls.ShouldNotBeEmpty();
        polls.ShouldAllBe(options => options.DeploymentName == "shop" && options.BuildId == "1.2" && options.WorkerVersioningMode == mode);
        var answers = transport.Requests.OfType<RespondWorkflowTaskCompletedRequest>().ToArray();
        answers.ShouldAllBe(answer => answer.DeploymentOptions.BuildId == "1.2" &&
            answer.VersioningBehavior == (versioned ? Temporalio.Api.Enums.V1.VersioningBehavior.Pinned : Temporalio.Api.Enums.V1.VersioningBehavior.Unspecified));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Worker_WhereTheServerKeepsAListOfWorkers_SaysThatItIsThere(bool keeps)
    {
        await using var server = await DurableServer.StartAsync(new() { Store = new MemoryStore() });
        await using var transport = new Recorder(new InProcessTransport(server.Router)) { KeepsWorkers = keeps };
        var runtime = new TemporalRuntime(new() { WorkerHeartbeatInterval = TimeSpan.FromMilliseconds(50) });
        var client = new TemporalClient(TemporalConnection.Over(transport, new TemporalConnectionOptions("in-process") { Runtime = runtime }), new TemporalClientOptions());
        using var worker = new TemporalWorker(client, new TemporalWorkerOptions(SampleWorker.TaskQueue).AddAllActivities(new GreetingActivities()));

        await worker.ExecuteAsync(() => keeps ? transport.Heartbeat.Task : Task.CompletedTask).WaitAsync(SampleWorker.Patience);

        var heartbeats = transport.Requests.OfType<RecordWorkerHeartbeatRequest>().ToArray();
        heartbeats.Any().ShouldBe(keeps);
        heartbeats.ShouldAllBe(static request => request.WorkerHeartbeat.Single().TaskQueue == SampleWorker.TaskQueue);
    }

    private static async Task<bool> IsCurrentAsync(WorkflowService service)
    {
        try
        {
            await service.SetWorkerDeploymentCurrentVersionAsync(new() { Namespace = "default", DeploymentName = "shop", BuildId = "1.2" });
            return true;
        }
        catch (RpcException)
        {
            return false;
        }
    }

    private sealed class Recorder(RpcTransport inner) : RpcTransport
    {
        public bool KeepsWorkers { get; init; }

        public TaskCompletionSource Heartbeat { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public System.Collections.Concurrent.ConcurrentQueue<object> Requests { get; } = new();

        public override async Task<TResponse> CallAsync<TRequest, TResponse>(
            RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
        {
            Requests.Enqueue(request);
            var response = await inner.CallAsync(method, request, options, cancellationToken);
            if (response is DescribeNamespaceResponse described)
            {
                described.NamespaceInfo.Capabilities.WorkerHeartbeats = KeepsWorkers;
            }
            if (request is RecordWorkerHeartbeatRequest)
            {
                Heartbeat.TrySetResult();
            }
            return response;
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
