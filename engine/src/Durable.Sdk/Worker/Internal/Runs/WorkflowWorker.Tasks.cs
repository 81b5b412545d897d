using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Query.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Commands;

namespace Temporalio.Worker.Internal.Runs;

internal sealed partial class WorkflowWorker
{
    /// <summary>Activities that may come with one answer: what core SDKs reserve.</summary>
    private const int MaxEagerActivities = 3;

    private async Task WorkAsync(WorkflowTask first)
    {
        var handle = cache.Enter(first.Response.WorkflowExecution.RunId, first);
        if (handle is null)
        {
            return;
        }
        for (WorkflowTask? task = first; task is not null; task = cache.Leave(handle))
        {
            var current = task;
            try
            {
                while (await WorkAsync(handle, current).ConfigureAwait(false) is { } next)
                {
                    current = current.Next(next);
                }
            }
            catch (OperationCanceledException) when (stops)
            {
                WorkerLog.TaskLeft(logger, handle.RunId);
                Evict(handle);
            }
            catch (Exception e)
            {
                // Nothing waits for this task. The server gives it again after its timeout, to a run from its history.
                WorkerLog.TaskFailed(logger, e, handle.RunId);
                Evict(handle);
            }
            finally
            {
                handle.Current = null;
                current.Release();
            }
        }
    }

    /// <returns>The task that came with the answer.</returns>
    private async Task<PollWorkflowTaskQueueResponse?> WorkAsync(RunHandle handle, WorkflowTask task)
    {
        handle.Current = task;
        var response = task.Response;
        var began = environment.Clock.GetTimestamp();
        await PrepareAsync(handle, response).ConfigureAwait(false);
        var run = handle.Run!;
        var replays = run.Machines.IsReplaying;
        var failure = await run.AdvanceAsync().ConfigureAwait(false);
        if (replays)
        {
            metrics.Sdk.WorkflowTaskReplayLatency.Record(environment.Clock.GetElapsedTime(began), metrics.Workflow(response.WorkflowType.Name));
        }
        var heartbeat = false;
        if (failure is null)
        {
            (failure, heartbeat) = await AwaitLocalActivitiesAsync(handle, run, response).ConfigureAwait(false);
        }
        if (failure is not null)
        {
            return await FailAsync(handle, task, failure).ConfigureAwait(false);
        }
        if (response.Query is { } legacyQuery)
        {
            var answer = (await run.QueryAsync([(string.Empty, legacyQuery)]).ConfigureAwait(false))[0];
            if (task.TryAnswer())
            {
                await AnswerQueryAsync(response, answer, run.Coding).ConfigureAwait(false);
            }
            return null;
        }
        var answers = response.Queries.Count == 0
            ? []
            : await run.QueryAsync(response.Queries.Select(static query => (query.Key, query.Value))).ConfigureAwait(false);
        RespondWorkflowTaskCompletedRequest completion;
        try
        {
            completion = await CompletionOfAsync(run, task, answers, heartbeat).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            // The codec is the application's. Unsaid, the task would time out for ever, and nobody would know why.
            return await FailAsync(handle, task, new InvalidOperationException($"Failed encoding completion: {e.Message}", e)).ConfigureAwait(false);
        }
        var next = await CompleteAsync(handle, task, completion).ConfigureAwait(false);
        metrics.Sdk.WorkflowTaskExecutionLatency.Record(environment.Clock.GetElapsedTime(began), metrics.Workflow(response.WorkflowType.Name));
        return next;
    }

    // Gives the events to the run in memory, or makes one from the history's start.
    private async Task PrepareAsync(RunHandle handle, PollWorkflowTaskQueueResponse response)
    {
        var events = new List<HistoryEvent>(response.History?.Events ?? []);
        for (var token = response.NextPageToken; !token.IsEmpty;)
        {
            var page = await PageAsync(response, token).ConfigureAwait(false);
            events.AddRange(page.History.Events);
            token = page.NextPageToken;
        }
        var isWhole = events.Count > 0 && events[0].EventId == 1;
        if (response.PreviousStartedEventId > 0 && identity.StickyQueue is not null)
        {
            if (handle.Run is null)
            {
                metrics.Sdk.StickyCacheMiss.Add(1, metrics.Queue);
            }
            else
            {
                metrics.Sdk.StickyCacheHit.Add(1, metrics.Workflow(response.WorkflowType.Name));
            }
        }
        var continues = handle.Run is { } known && (events.Count == 0 ? response.Query is not null : events[0].EventId <= known.Machines.LastProcessedEventId + 1);
        if (isWhole || !continues)
        {
            if (!isWhole)
            {
                events = await FromStartAsync(response, events).ConfigureAwait(false);
            }
            Evict(handle);
            handle.Run = new WorkflowRun(environment, response.WorkflowExecution.WorkflowId, handle.RunId);
        }
        if (events.Count > 0)
        {
            handle.Run!.Machines.Deliver(events, response.PreviousStartedEventId, response.Messages);
        }
    }

    private async Task<List<HistoryEvent>> FromStartAsync(PollWorkflowTaskQueueResponse response, List<HistoryEvent> polled)
    {
        var events = new List<HistoryEvent>();
        var token = Google.Protobuf.ByteString.Empty;
        do
        {
            var page = await PageAsync(response, token).ConfigureAwait(false);
            events.AddRange(page.History.Events);
            token = page.NextPageToken;
        }
        while (!token.IsEmpty);
        // What the task has beyond the stored history: tasks that are only written when they complete.
        var last = events.Count == 0 ? 0 : events[^1].EventId;
        events.AddRange(polled.Where(later => later.EventId > last));
        if (response.StartedEventId > 0)
        {
            events.RemoveAll(later => later.EventId > response.StartedEventId);
        }
        return events;
    }

    private Task<GetWorkflowExecutionHistoryResponse> PageAsync(PollWorkflowTaskQueueResponse response, Google.Protobuf.ByteString token) =>
        identity.Service.GetWorkflowExecutionHistoryAsync(
            new() { Namespace = identity.Namespace, Execution = response.WorkflowExecution, NextPageToken = token },
            WorkerIdentity.Call());

    private async Task<RespondWorkflowTaskCompletedRequest> CompletionOfAsync(WorkflowRun run, WorkflowTask task, IReadOnlyList<QueryResponseCommand> answers, bool heartbeat)
    {
        var machines = run.Machines;
        var request = new RespondWorkflowTaskCompletedRequest
        {
            TaskToken = task.Response.TaskToken,
            Namespace = identity.Namespace,
            Identity = identity.Identity,
            WorkerInstanceKey = identity.InstanceKey,
            WorkerVersionStamp = identity.Stamp(),
            DeploymentOptions = identity.Deployment,
            VersioningBehavior = VersioningOf(run),
            ForceCreateNewWorkflowTask = heartbeat,
            SdkMetadata = machines.Flags.TakeNews(SdkName.Name, SdkName.Version),
            MeteringMetadata = new(),
            Capabilities = new() { DiscardSpeculativeWorkflowTaskWithEvents = true },
        };
        if (identity.StickyQueue is { } sticky)
        {
            request.StickyAttributes = new()
            {
                WorkerTaskQueue = new() { Name = sticky, Kind = TaskQueueKind.Sticky, NormalName = identity.TaskQueue },
                ScheduleToStartTimeout = Duration.FromTimeSpan(settings.StickyTimeout),
            };
            request.ReturnNewWorkflowTask = true;
        }
        var coding = run.Coding;
        foreach (var command in machines.PreparedCommands)
        {
            if (coding is not null)
            {
                await coding.EncodeAsync(command).ConfigureAwait(false);
            }
            request.Commands.Add(command);
        }
        foreach (var message in machines.TakeMessages())
        {
            if (coding is not null)
            {
                await coding.EncodeAsync(message).ConfigureAwait(false);
            }
            message.Message.Body = Any.Pack(message.Body);
            request.Messages.Add(message.Message);
        }
        foreach (var answer in answers)
        {
            request.QueryResults[answer.QueryId] = await ResultOfAsync(answer, coding).ConfigureAwait(false);
        }
        return request;
    }

    private async Task<PollWorkflowTaskQueueResponse?> CompleteAsync(RunHandle handle, WorkflowTask task, RespondWorkflowTaskCompletedRequest request)
    {
        var run = handle.Run!;
        var machines = run.Machines;
        var reserved = ReserveEager(request);
        if (!task.TryAnswer())
        {
            settings.EagerActivities.Run([], reserved);
            Evict(handle);
            return null;
        }

        RespondWorkflowTaskCompletedResponse response;
        try
        {
            response = await identity.Service.RespondWorkflowTaskCompletedAsync(request, WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            settings.EagerActivities.Run([], reserved);
            // The server has moved on; the next task brings the history again.
            Evict(handle);
            if (e.Code != RpcException.StatusCode.NotFound && e.Message != "UnhandledCommand")
            {
                WorkerLog.CompletionRefused(logger, e, handle.RunId);
            }
            return null;
        }
        settings.EagerActivities.Run(response.ActivityTasks, reserved);
        if (response.ResetHistoryEventId > 0)
        {
            machines.Rewind(response.ResetHistoryEventId);
        }
        CountEnd(run, request.Commands);
        if (machines.HasTerminalCommand || identity.StickyQueue is null)
        {
            Evict(handle);
        }
        return response.WorkflowTask is { TaskToken.IsEmpty: false } next ? next : null;
    }

    private VersioningBehavior VersioningOf(WorkflowRun run) => environment.DefaultVersioning is { } byDefault
        ? (VersioningBehavior)(run.Instance?.VersioningBehavior is { } own and not Common.VersioningBehavior.Unspecified ? own : byDefault)
        : VersioningBehavior.Unspecified;

    private void CountEnd(WorkflowRun run, IEnumerable<Command> commands)
    {
        foreach (var command in commands)
        {
            var counter = command.CommandType switch
            {
                CommandType.CompleteWorkflowExecution => metrics.Sdk.WorkflowCompleted,
                CommandType.CancelWorkflowExecution => metrics.Sdk.WorkflowCanceled,
                CommandType.FailWorkflowExecution when !IsBenign(command.FailWorkflowExecutionCommandAttributes.Failure) => metrics.Sdk.WorkflowFailed,
                CommandType.ContinueAsNewWorkflowExecution => metrics.Sdk.WorkflowContinueAsNew,
                _ => null,
            };
            if (counter is not null && run.Instance?.Info is { } info)
            {
                var tags = metrics.Workflow(info.WorkflowType);
                counter.Add(1, tags);
                metrics.Sdk.WorkflowEndToEndLatency.Record(environment.Clock.GetUtcNow().UtcDateTime - info.WorkflowStartTime, tags);
            }
        }
    }

    private static bool IsBenign(Api.Failure.V1.Failure failure) => failure.ApplicationFailureInfo?.Category == ApplicationErrorCategory.Benign;

    private int ReserveEager(RespondWorkflowTaskCompletedRequest request)
    {
        var reserved = 0;
        foreach (var command in request.Commands)
        {
            if (command.ScheduleActivityTaskCommandAttributes is not { RequestEagerExecution: true } attributes)
            {
                continue;
            }
            if (reserved < MaxEagerActivities && settings.EagerActivities.TryReserve())
            {
                reserved++;
            }
            else
            {
                attributes.RequestEagerExecution = false;
            }
        }
        return reserved;
    }

    private static async Task<WorkflowQueryResult> ResultOfAsync(QueryResponseCommand answer, PayloadCoding? coding)
    {
        if (answer.Failure is { } failure)
        {
            var message = failure.Message;
            await EncodeAsync(failure, coding).ConfigureAwait(false);
            return new() { ResultType = QueryResultType.Failed, ErrorMessage = message, Failure = failure };
        }
        var result = coding is null ? answer.Result! : (await coding.EncodeAsync(answer.Result).ConfigureAwait(false))!;
        return new() { ResultType = QueryResultType.Answered, Answer = new() { Payloads_ = { result } } };
    }

    private async Task AnswerQueryAsync(PollWorkflowTaskQueueResponse response, QueryResponseCommand answer, PayloadCoding? coding)
    {
        WorkflowQueryResult result;
        try
        {
            result = await ResultOfAsync(answer, coding).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            result = new() { ResultType = QueryResultType.Failed, ErrorMessage = $"Failed encoding completion: {e.Message}" };
        }
        try
        {
            await identity.Service.RespondQueryTaskCompletedAsync(
                new()
                {
                    TaskToken = response.TaskToken,
                    Namespace = identity.Namespace,
                    CompletedType = result.ResultType,
                    QueryResult = result.Answer,
                    ErrorMessage = result.ErrorMessage,
                    Failure = result.Failure,
                },
                WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            // The caller of the query has its own deadline.
            WorkerLog.CompletionRefused(logger, e, response.WorkflowExecution.RunId);
        }
    }

    private static void Evict(RunHandle handle)
    {
        handle.Run = null;
        foreach (var running in handle.LocalActivities.Values)
        {
            running.Cancel();
        }
        handle.LocalActivities.Clear();
    }
}
