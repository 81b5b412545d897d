using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Sdk.Tests.Samples;
using Durable.Server;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client;
using Temporalio.Common;
using Temporalio.Worker;
using VersioningBehavior = Temporalio.Common.VersioningBehavior;

namespace Durable.Sdk.Tests.Worker;

/// <summary>What a worker of a deployment says of itself, for servers that route by version.</summary>
public class DeploymentTests
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

        await worker.ExecuteAsync(() => client.ExecuteWorkflowAsync((GreetingWorkflow workflow) => workflow.RunAsync("you", false), SampleWorker.Start())).WaitAsync(SampleWorker.Patience);

        var mode = versioned ? WorkerVersioningMode.Versioned : WorkerVersioningMode.Unversioned;
        var polls = transport.Requests.OfType<PollWorkflowTaskQueueRequest>().Select(static poll => poll.DeploymentOptions)
            .Concat(transport.Requests.OfType<PollActivityTaskQueueRequest>().Select(static poll => poll.DeploymentOptions)).ToArray();
        polls.ShouldNotBeEmpty();
        polls.ShouldAllBe(options => options.DeploymentName == "shop" && options.BuildId == "1.2" && options.WorkerVersioningMode == mode);
        var answers = transport.Requests.OfType<RespondWorkflowTaskCompletedRequest>().ToArray();
        answers.ShouldAllBe(answer => answer.DeploymentOptions.BuildId == "1.2" &&
            answer.VersioningBehavior == (versioned ? Temporalio.Api.Enums.V1.VersioningBehavior.Pinned : Temporalio.Api.Enums.V1.VersioningBehavior.Unspecified));
    }

    private sealed class Recorder(RpcTransport inner) : RpcTransport
    {
        public System.Collections.Concurrent.ConcurrentQueue<object> Requests { get; } = new();

        public override Task<TResponse> CallAsync<TRequest, TResponse>(
            RpcMethod<TRequest, TResponse> method, TRequest request, RpcCallOptions options, CancellationToken cancellationToken)
        {
            Requests.Enqueue(request);
            return inner.CallAsync(method, request, options, cancellationToken);
        }

        public override ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
