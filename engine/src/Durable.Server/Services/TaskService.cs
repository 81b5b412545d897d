using System.Diagnostics;
using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Workers;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What workers call: polls, workflow task answers, query answers, shutdown.</summary>
internal sealed class TaskService(ServiceContext context, WorkerRegistry workers)
{
    /// <summary>A poll ends empty after this, or a second before its caller's deadline.</summary>
    private static readonly TimeSpan LongestPoll = TimeSpan.FromSeconds(60);

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.PollWorkflowTaskQueue, PollWorkflowAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.PollActivityTaskQueue, PollActivityAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.PollNexusTaskQueue, PollNexusAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.RespondWorkflowTaskCompleted, CompleteAsync);
        context.Map(router, WorkflowServiceMethods.RespondWorkflowTaskFailed, FailAsync);
        context.Map(router, WorkflowServiceMethods.RespondQueryTaskCompleted, AnswerQueryAsync);
        context.Map(router, WorkflowServiceMethods.ResetStickyTaskQueue, ResetStickyAsync);
        context.Map(router, WorkflowServiceMethods.ShutdownWorker, ShutdownAsync);
    }

    public static void RequireTaskQueue(TaskQueue? queue)
    {
        if (queue is null)
        {
            throw Faults.InvalidArgument("taskQueue is not set");
        }
        if (queue.Name.Length == 0)
        {
            throw Faults.InvalidArgument("missing task queue name");
        }
        ServiceContext.RequireId(queue.Name, "TaskQueue");
        if (queue.Name.StartsWith("/_sys/", StringComparison.Ordinal))
        {
            throw Faults.InvalidArgument("task queue name cannot start with reserved prefix /_sys/");
        }
    }

    private async Task<PollWorkflowTaskQueueResponse> PollWorkflowAsync(PollWorkflowTaskQueueRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        RequireTaskQueue(request.TaskQueue);
        var key = new TaskQueueKey(request.Namespace, request.TaskQueue.Name, TaskQueueType.Workflow);
        if (request.TaskQueue.Kind != TaskQueueKind.Sticky)
        {
            key = await context.Engine.Deployments.EnterAsync(key, request.DeploymentOptions).ConfigureAwait(false);
        }
        return (PollWorkflowTaskQueueResponse?)await PollAsync(
            key, request.Identity, request.WorkerInstanceKey, request.TaskQueue.Kind == TaskQueueKind.Sticky, call).ConfigureAwait(false) ?? new();
    }

    private async Task<PollActivityTaskQueueResponse> PollActivityAsync(PollActivityTaskQueueRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        RequireTaskQueue(request.TaskQueue);
        var key = new TaskQueueKey(request.Namespace, request.TaskQueue.Name, TaskQueueType.Activity);
        key = await context.Engine.Deployments.EnterAsync(key, request.DeploymentOptions).ConfigureAwait(false);
        if (request.TaskQueueMetadata?.MaxTasksPerSecond is { } rate)
        {
            context.Matcher.SetRate(key, rate);
        }
        return (PollActivityTaskQueueResponse?)await PollAsync(key, request.Identity, request.WorkerInstanceKey, sticky: false, call).ConfigureAwait(false) ?? new();
    }

    /// <summary>There are no Nexus tasks. A worker with a service asks for them all the same, and must not be told at once that there are none: it would ask again at once.</summary>
    private async Task<PollNexusTaskQueueResponse> PollNexusAsync(PollNexusTaskQueueRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        RequireTaskQueue(request.TaskQueue);
        var key = new TaskQueueKey(request.Namespace, request.TaskQueue.Name, TaskQueueType.Nexus);
        await PollAsync(key, request.Identity, request.WorkerInstanceKey, sticky: false, call).ConfigureAwait(false);
        return new();
    }

    private async Task<IMessage?> PollAsync(TaskQueueKey key, string identity, string workerKey, bool sticky, RpcServerCall call)
    {
        ServiceContext.RequireLength(identity, "Identity");
        var longest = call.Timeout is { } timeout && timeout - TimeSpan.FromSeconds(1) < LongestPoll ? timeout - TimeSpan.FromSeconds(1) : LongestPoll;
        while (true)
        {
            if (context.Engine.Stopping.IsCancellationRequested)
            {
                // Empty answers would be asked for again at once.
                throw Faults.Unavailable("the server is shutting down");
            }
            var wait = longest - Stopwatch.GetElapsedTime(call.ReceivedAt);
            if (wait <= TimeSpan.Zero)
            {
                return null;
            }
            var handout = await context.Matcher.PollAsync(key, identity, workerKey, wait, call.CancellationToken).ConfigureAwait(false);
            if (handout is null)
            {
                return null;
            }
            if (call.CancellationToken.IsCancellationRequested && handout.Entry is { } entry)
            {
                context.Matcher.Add(key, entry);
                call.CancellationToken.ThrowIfCancellationRequested();
            }
            if (await context.Engine.StartAsync(handout, key, identity, sticky, CancellationToken.None).ConfigureAwait(false) is { } task)
            {
                return task;
            }
        }
    }

    private async Task<RespondWorkflowTaskCompletedResponse> CompleteAsync(RespondWorkflowTaskCompletedRequest request, RpcServerCall call)
    {
        var token = ServiceContext.ReadToken(request.TaskToken);
        var (completion, response) = await context.Engine.WithSlotAsync(ServiceContext.KeyOf(token), async (_, run, now) =>
        {
            var completed = run.CompleteWorkflowTask(token, request, now);
            var answer = new RespondWorkflowTaskCompletedResponse { ResetHistoryEventId = completed.ResetHistoryEventId };
            foreach (var activity in completed.EagerActivities)
            {
                answer.ActivityTasks.Add(await context.Engine.ToResponseAsync(run, activity).ConfigureAwait(false));
            }
            if (completed.Next is { } next)
            {
                answer.WorkflowTask = await context.Engine.ToResponseAsync(run, next).ConfigureAwait(false);
            }
            return (completed, answer);
        }).ConfigureAwait(false);
        return completion.Fault is { } fault ? throw fault : response;
    }

    private async Task<RespondWorkflowTaskFailedResponse> FailAsync(RespondWorkflowTaskFailedRequest request, RpcServerCall call)
    {
        var token = ServiceContext.ReadToken(request.TaskToken);
        request.Failure = context.Bound(request.Failure);
        await context.Engine.WithRunAsync(ServiceContext.KeyOf(token), (run, now) =>
        {
            run.FailWorkflowTask(token, request, now);
            return true;
        }).ConfigureAwait(false);
        return new();
    }

    private async Task<RespondQueryTaskCompletedResponse> AnswerQueryAsync(RespondQueryTaskCompletedRequest request, RpcServerCall call)
    {
        var token = ServiceContext.ReadToken(request.TaskToken);
        if (context.IsTooLarge(request.QueryResult))
        {
            request = new RespondQueryTaskCompletedRequest { CompletedType = QueryResultType.Failed, ErrorMessage = ServiceContext.BlobTooLarge };
        }
        await context.Engine.AnswerQueryAsync(token, request).ConfigureAwait(false);
        return new();
    }

    private async Task<ResetStickyTaskQueueResponse> ResetStickyAsync(ResetStickyTaskQueueRequest request, RpcServerCall call)
    {
        var key = await context.ResolveAsync(request.Namespace, request.Execution, "").ConfigureAwait(false);
        await ClearStickyAsync(key).ConfigureAwait(false);
        return new();
    }

    private async Task<ShutdownWorkerResponse> ShutdownAsync(ShutdownWorkerRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        if (request.WorkerHeartbeat is { } last)
        {
            workers.Record(request.Namespace, last);
        }
        if (request.StickyTaskQueue.Length > 0)
        {
            foreach (var entry in context.Matcher.Drain(new TaskQueueKey(request.Namespace, request.StickyTaskQueue, TaskQueueType.Workflow)))
            {
                await ClearStickyAsync(entry.Run).ConfigureAwait(false);
            }
        }
        if (request.WorkerInstanceKey.Length > 0)
        {
            context.Matcher.Release(request.Namespace, request.WorkerInstanceKey);
        }
        return new();
    }

    private Task ClearStickyAsync(Storage.RunKey key) => context.Engine.WithRunAsync(key, static (run, now) =>
    {
        run.ClearSticky(now);
        return true;
    });
}
