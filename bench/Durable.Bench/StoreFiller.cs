using Durable.Protocol;
using Durable.Protocol.InProcess;
using Durable.Server;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Bench;

/// <summary>Fills a store with executions as a server leaves them: three are made by a real one, and the others are copies under ids of their own.</summary>
internal static class StoreFiller
{
    private const string Namespace = "default";
    private const string Queue = "queue";
    private const int RunsPerCommit = 500;

    /// <param name="finished">Executions that completed.</param>
    /// <param name="waiting">Open ones that wait for a timer a month away.</param>
    /// <param name="ready">Open ones whose workflow task waits for a worker.</param>
    public static async Task FillAsync(IServerStore store, int finished, int waiting, int ready)
    {
        var templates = await MakeTemplatesAsync().ConfigureAwait(false);
        foreach (var (template, count) in templates.Zip([finished, waiting, ready]))
        {
            for (var first = 0; first < count; first += RunsPerCommit)
            {
                var transaction = new StoreTransaction();
                for (var i = first; i < Math.Min(first + RunsPerCommit, count); i++)
                {
                    transaction.Runs.Add(Copy(template, $"{template.Key.WorkflowId}-{i}"));
                }
                await store.CommitAsync(transaction).ConfigureAwait(false);
            }
        }
    }

    private static RunWrite Copy(RunWrite template, string workflowId)
    {
        var key = new RunKey(Namespace, workflowId, Guid.CreateVersion7().ToString());
        var state = RunState.Parser.ParseFrom(template.State);
        state.WorkflowId = key.WorkflowId;
        state.RunId = key.RunId;
        return new RunWrite
        {
            Key = key,
            State = state.ToByteArray(),
            NewBatches = template.NewBatches,
            Current = template.Current! with { RunId = key.RunId, FirstExecutionRunId = key.RunId, CreateRequestId = key.RunId },
            NextTimerAt = template.NextTimerAt,
            HasReadyWork = template.HasReadyWork,
            Visibility = template.Visibility! with { Key = key },
        };
    }

    private static async Task<RunWrite[]> MakeTemplatesAsync()
    {
        var recorder = new RecordingStore();
        await using var server = await DurableServer.StartAsync(new DurableServerOptions { Store = recorder }).ConfigureAwait(false);
        await using var client = new InProcessTransport(server.Router);
        await StartAsync(client, "finished").ConfigureAwait(false);
        await CompleteAsync(client, new Command { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() }).ConfigureAwait(false);
        await StartAsync(client, "waiting").ConfigureAwait(false);
        await CompleteAsync(client, new Command
        {
            CommandType = CommandType.StartTimer,
            StartTimerCommandAttributes = new() { TimerId = "month", StartToFireTimeout = new() { Seconds = 30 * 86_400 } },
        }).ConfigureAwait(false);
        await StartAsync(client, "ready").ConfigureAwait(false);
        return [recorder.Whole("finished"), recorder.Whole("waiting"), recorder.Whole("ready")];
    }

    private static Task StartAsync(InProcessTransport client, string workflowId) => client.CallAsync(
        WorkflowServiceMethods.StartWorkflowExecution,
        new StartWorkflowExecutionRequest
        {
            Namespace = Namespace, WorkflowId = workflowId, WorkflowType = new() { Name = "bench" }, TaskQueue = new() { Name = Queue }, RequestId = workflowId,
            Input = new() { Payloads_ = { new Temporalio.Api.Common.V1.Payload { Data = ByteString.CopyFrom(new byte[500]) } } },
            // The longest: whoever takes thousands of tasks, also on a slow machine, has them all before the first comes again.
            WorkflowTaskTimeout = new() { Seconds = 120 },
        },
        default,
        CancellationToken.None);

    private static async Task CompleteAsync(InProcessTransport client, Command command)
    {
        var task = await client.CallAsync(
            WorkflowServiceMethods.PollWorkflowTaskQueue, new PollWorkflowTaskQueueRequest { Namespace = Namespace, TaskQueue = new() { Name = Queue } }, default, CancellationToken.None)
            .ConfigureAwait(false);
        await client.CallAsync(
            WorkflowServiceMethods.RespondWorkflowTaskCompleted,
            new RespondWorkflowTaskCompletedRequest { Namespace = Namespace, TaskToken = task.TaskToken, Commands = { command } },
            default,
            CancellationToken.None).ConfigureAwait(false);
    }
}
