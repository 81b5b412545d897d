using Durable.Protocol;
using Durable.Server.Deployments;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Schedules;
using Durable.Server.Storage;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.Workflow.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>StartWorkflowExecution, SignalWithStartWorkflowExecution, ExecuteMultiOperation.</summary>
internal sealed class StartService(ServiceContext context)
{
    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.StartWorkflowExecution, StartAsync);
        context.Map(router, WorkflowServiceMethods.SignalWithStartWorkflowExecution, SignalWithStartAsync);
        context.Map(router, WorkflowServiceMethods.ExecuteMultiOperation, MultiOperationAsync);
    }

    private async Task<StartWorkflowExecutionResponse> StartAsync(StartWorkflowExecutionRequest request, RpcServerCall call)
    {
        var spec = ToSpec(request);
        return ToResponse(request, await context.Engine.StartRunAsync(spec, call.CancellationToken).ConfigureAwait(false));
    }

    /// <summary>For schedules, which start workflows as a client would.</summary>
    public Task<StartOutcome> StartAsync(StartWorkflowExecutionRequest request, string scheduleId) =>
        context.Engine.StartRunAsync(ToSpec(request) with { ScheduleId = scheduleId }, CancellationToken.None);

    private static StartWorkflowExecutionResponse ToResponse(StartWorkflowExecutionRequest request, StartOutcome outcome) => new()
    {
        RunId = outcome.RunId,
        FirstExecutionRunId = outcome.FirstRunId,
        Started = outcome.Started,
        Status = outcome.Status,
        EagerWorkflowTask = outcome.EagerTask,
        Link = Links.ToStart(new RunKey(request.Namespace, request.WorkflowId, outcome.RunId)),
    };

    private async Task<SignalWithStartWorkflowExecutionResponse> SignalWithStartAsync(SignalWithStartWorkflowExecutionRequest request, RpcServerCall call)
    {
        if (request.SignalName.Length == 0)
        {
            throw Faults.InvalidArgument("SignalName is not set on request.");
        }
        context.RequireBlob(request.SignalInput);
        if (request.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Fail)
        {
            throw Faults.InvalidArgument("Invalid WorkflowIDConflictPolicy: WORKFLOW_ID_CONFLICT_POLICY_FAIL is not supported for this operation.");
        }
        var start = new StartWorkflowExecutionRequest
        {
            Namespace = request.Namespace,
            WorkflowId = request.WorkflowId,
            WorkflowType = request.WorkflowType,
            TaskQueue = request.TaskQueue,
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout,
            WorkflowRunTimeout = request.WorkflowRunTimeout,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            Identity = request.Identity,
            RequestId = request.RequestId,
            WorkflowIdReusePolicy = request.WorkflowIdReusePolicy,
            WorkflowIdConflictPolicy = request.WorkflowIdConflictPolicy,
            RetryPolicy = request.RetryPolicy,
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            WorkflowStartDelay = request.WorkflowStartDelay,
            UserMetadata = request.UserMetadata,
            Priority = request.Priority,
            VersioningOverride = request.VersioningOverride,
        };
        if (start.WorkflowIdConflictPolicy == WorkflowIdConflictPolicy.Unspecified && start.WorkflowIdReusePolicy != TerminateIfRunning)
        {
            start.WorkflowIdConflictPolicy = WorkflowIdConflictPolicy.UseExisting;
        }
        var spec = ToSpec(start, uuid4: true);
        spec = spec with
        {
            With = (run, now) => run.Signal(request.SignalName, request.SignalInput, request.Header, request.Identity, spec.RequestId, now),
        };
        while (true)
        {
            using var held = await context.Engine.LockWorkflowAsync(request.Namespace, request.WorkflowId, call.CancellationToken).ConfigureAwait(false);
            var outcome = await context.Engine.StartLockedAsync(spec).ConfigureAwait(false);
            if (outcome.Created || outcome.Status != WorkflowExecutionStatus.Running || (outcome.Started && !outcome.Created))
            {
                return ToResponse(request, outcome);
            }
            try
            {
                await context.Engine.WithRunAsync(
                    new RunKey(request.Namespace, request.WorkflowId, outcome.RunId),
                    (run, now) =>
                    {
                        run.Signal(request.SignalName, request.SignalInput, request.Header, request.Identity, spec.RequestId, now, wakesDelayed: true);
                        return true;
                    },
                    call.CancellationToken).ConfigureAwait(false);
                return ToResponse(request, outcome);
            }
            catch (RpcFaultException closed) when (closed.Code == RpcStatusCode.NotFound)
            {
                // It closed in between; look again.
            }
        }
    }

    private static SignalWithStartWorkflowExecutionResponse ToResponse(SignalWithStartWorkflowExecutionRequest request, StartOutcome outcome) => new()
    {
        RunId = outcome.RunId,
        Started = outcome.Started,
        FirstExecutionRunId = outcome.FirstRunId,
        SignalLink = Links.ToRequest(
            new RunKey(request.Namespace, request.WorkflowId, outcome.RunId), request.RequestId, EventType.WorkflowExecutionSignaled),
    };

    private async Task<ExecuteMultiOperationResponse> MultiOperationAsync(ExecuteMultiOperationRequest request, RpcServerCall call)
    {
        if (request.Operations is not [{ StartWorkflow: { } start }, { UpdateWorkflow: { } update }])
        {
            throw Faults.InvalidArgument("Operations have to be exactly [Start, Update].");
        }
        start.Namespace = start.Namespace.Length > 0 ? start.Namespace : request.Namespace;
        update.Namespace = update.Namespace.Length > 0 ? update.Namespace : request.Namespace;
        StartSpec spec;
        try
        {
            if (start.CronSchedule.Length > 0)
            {
                throw Faults.InvalidArgument("CronSchedule is not allowed.");
            }
            if (start.RequestEagerExecution)
            {
                throw Faults.InvalidArgument("RequestEagerExecution is not supported.");
            }
            if (start.WorkflowStartDelay is not null)
            {
                throw Faults.InvalidArgument("WorkflowStartDelay is not supported.");
            }
            spec = ToSpec(start);
        }
        catch (RpcFaultException fault)
        {
            throw MultiOperation(fault, culprit: 0);
        }
        try
        {
            UpdateService.Check(update);
            if (update.WorkflowExecution.WorkflowId != start.WorkflowId)
            {
                throw Faults.InvalidArgument("WorkflowId is not consistent with previous operation(s).");
            }
            if (update.WorkflowExecution.RunId.Length > 0)
            {
                throw Faults.InvalidArgument("RunId is not allowed.");
            }
            if (update.FirstExecutionRunId.Length > 0)
            {
                throw Faults.InvalidArgument("FirstExecutionRunId is not allowed.");
            }
            context.RequireBlob(update.Request.Input?.Args);
        }
        catch (RpcFaultException fault)
        {
            throw MultiOperation(fault, culprit: 1);
        }
        return await StartAndUpdateAsync(start, update, spec, call).ConfigureAwait(false);
    }

    private async Task<ExecuteMultiOperationResponse> StartAndUpdateAsync(
        StartWorkflowExecutionRequest start, UpdateWorkflowExecutionRequest update, StartSpec spec, RpcServerCall call)
    {
        var engine = context.Engine;
        var updateId = update.Request.Meta.UpdateId;
        var stage = UpdateService.StageOf(update.WaitPolicy);
        for (var attempt = 1; ; attempt++)
        {
            StartOutcome outcome;
            var admitted = false;
            using (await engine.LockWorkflowAsync(start.Namespace, start.WorkflowId, call.CancellationToken).ConfigureAwait(false))
            {
                var current = await engine.FindCurrentAsync(start.Namespace, start.WorkflowId).ConfigureAwait(false);
                var known = current is null ? null : await engine.WithRunAsync(
                    new RunKey(start.Namespace, start.WorkflowId, current.RunId), (run, _) => new KnownUpdate(run.FindUpdate(updateId), run.Status), call.CancellationToken).ConfigureAwait(false);
                var completed = known?.Update?.Stage == UpdateWorkflowExecutionLifecycleStage.Completed;
                var attach = known is { Status: WorkflowExecutionStatus.Running } &&
                    (current!.CreateRequestId == start.RequestId || known.Update is not null || spec.ConflictPolicy == WorkflowIdConflictPolicy.UseExisting);
                if (completed || attach)
                {
                    outcome = new StartOutcome(current!.RunId, "", Created: false, Started: false, known!.Status);
                }
                else
                {
                    try
                    {
                        outcome = await engine.StartLockedAsync(spec with { With = (run, now) => run.AdmitUpdate(update.Request, now) }).ConfigureAwait(false);
                        admitted = outcome.Created;
                    }
                    catch (RpcFaultException fault)
                    {
                        throw MultiOperation(fault, culprit: 0);
                    }
                }
            }
            var key = new RunKey(start.Namespace, start.WorkflowId, outcome.RunId);
            try
            {
                var status = await engine.WaitUpdateAsync(key, updateId, admitted ? null : update.Request, stage, wait: true, call.CancellationToken).ConfigureAwait(false);
                return ToResponse(start, outcome, UpdateService.ToResponse(key, updateId, status));
            }
            catch (RpcFaultException aborted) when (!outcome.Created && attempt == 1 && aborted.Code == RpcStatusCode.NotFound)
            {
                // The run closed before it accepted: once more from the top.
            }
            catch (RpcFaultException fault)
            {
                var told = fault.Code == RpcStatusCode.NotFound ? new RpcFaultException(RpcStatusCode.Aborted, fault.Message, fault.Details) : fault;
                throw MultiOperation(told, culprit: 1, startSucceeded: outcome.Created);
            }
        }
    }

    private static ExecuteMultiOperationResponse ToResponse(StartWorkflowExecutionRequest start, StartOutcome outcome, UpdateWorkflowExecutionResponse update)
    {
        var started = ToResponse(start, outcome);
        return new ExecuteMultiOperationResponse
        {
            Responses =
            {
                new ExecuteMultiOperationResponse.Types.Response { StartWorkflow = started },
                new ExecuteMultiOperationResponse.Types.Response { UpdateWorkflow = update },
            },
        };
    }

    private static RpcFaultException MultiOperation(RpcFaultException fault, int culprit, bool startSucceeded = false)
    {
        var failure = new MultiOperationExecutionFailure();
        for (var i = 0; i < 2; i++)
        {
            var status = new MultiOperationExecutionFailure.Types.OperationStatus();
            if (i == culprit)
            {
                status.Code = (int)fault.Code;
                status.Message = fault.Message;
                status.Details.AddRange(fault.Details);
            }
            else if (i > culprit || !startSucceeded)
            {
                status.Code = (int)RpcStatusCode.Aborted;
                status.Message = "Operation was aborted.";
                status.Details.Add(Any.Pack(new MultiOperationExecutionAborted()));
            }
            failure.Statuses.Add(status);
        }
        return new RpcFaultException(fault.Code, "Update-with-Start could not be executed.", failure);
    }

#pragma warning disable CS0612 // The deprecated policy still has to mean what it meant.
    private const WorkflowIdReusePolicy TerminateIfRunning = WorkflowIdReusePolicy.TerminateIfRunning;
#pragma warning restore CS0612

    /// <summary>Checks a start and fills in the defaults.</summary>
    private StartSpec ToSpec(StartWorkflowExecutionRequest request, bool uuid4 = false)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireId(request.WorkflowId, "WorkflowId");
        if (request.WorkflowType is not { Name.Length: > 0 })
        {
            throw Faults.InvalidArgument("WorkflowType is not set on request.");
        }
        ServiceContext.RequireId(request.WorkflowType.Name, "WorkflowType");
        TaskService.RequireTaskQueue(request.TaskQueue);
        RequireTimeout(request.WorkflowExecutionTimeout, "WorkflowExecutionTimeoutSeconds");
        RequireTimeout(request.WorkflowRunTimeout, "WorkflowRunTimeoutSeconds");
        RequireTimeout(request.WorkflowTaskTimeout, "WorkflowTaskTimeoutSeconds");
        RequireTimeout(request.WorkflowStartDelay, "WorkflowStartDelaySeconds");
        if (Retries.Check(request.RetryPolicy) is { } wrong)
        {
            throw Faults.InvalidArgument(wrong);
        }
        if (Priorities.Check(request.Priority) is { } bad)
        {
            throw Faults.InvalidArgument(bad);
        }
        if (request.CronSchedule.Length > 0)
        {
            if (request.WorkflowStartDelay?.ToTimeSpan() > TimeSpan.Zero)
            {
                throw Faults.InvalidArgument("CronSchedule and WorkflowStartDelay may not be used together.");
            }
            if (CronSchedule.TryParse(request.CronSchedule, out _) is null)
            {
                throw Faults.InvalidArgument("invalid CronSchedule.");
            }
        }
        context.RequireBlob(request.Input);
        if (request.Memo?.CalculateSize() > context.Runs.Limits.MemoBytes)
        {
            throw Faults.InvalidArgument("Memo size exceeds limit.");
        }
        context.RequireSearchAttributes(request.Namespace, request.SearchAttributes);
        var reuse = request.WorkflowIdReusePolicy;
        var conflict = request.WorkflowIdConflictPolicy;
        if (reuse == TerminateIfRunning)
        {
            if (conflict != WorkflowIdConflictPolicy.Unspecified)
            {
                throw Faults.InvalidArgument("Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_TERMINATE_IF_RUNNING cannot be used together with a WorkflowIDConflictPolicy");
            }
            (reuse, conflict) = (WorkflowIdReusePolicy.AllowDuplicate, WorkflowIdConflictPolicy.TerminateExisting);
        }
        if (conflict == WorkflowIdConflictPolicy.TerminateExisting && reuse == WorkflowIdReusePolicy.RejectDuplicate)
        {
            throw Faults.InvalidArgument("Invalid WorkflowIDReusePolicy: WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE cannot be used together with WorkflowIdConflictPolicy WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING");
        }
        if (request.RequestId.Length == 0)
        {
            request.RequestId = context.Runs.Ids.NewUuid();
        }
        ServiceContext.RequireLength(request.RequestId, "RequestId");
        var attributes = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = request.WorkflowType,
            TaskQueue = new() { Name = request.TaskQueue.Name, Kind = TaskQueueKind.Normal },
            Input = request.Input,
            WorkflowExecutionTimeout = request.WorkflowExecutionTimeout?.ToTimeSpan() > TimeSpan.Zero ? request.WorkflowExecutionTimeout : null,
            WorkflowRunTimeout = request.WorkflowRunTimeout?.ToTimeSpan() > TimeSpan.Zero ? request.WorkflowRunTimeout : null,
            WorkflowTaskTimeout = request.WorkflowTaskTimeout,
            Identity = request.Identity,
            RetryPolicy = request.RetryPolicy,
            CronSchedule = request.CronSchedule,
            Memo = request.Memo,
            SearchAttributes = request.SearchAttributes,
            Header = request.Header,
            Priority = request.Priority,
            ContinuedFailure = request.ContinuedFailure,
            LastCompletionResult = request.LastCompletionResult,
            VersioningOverride = Versioning.Read(request.VersioningOverride),
        };
        if (attributes.VersioningOverride?.Pinned is { } pinned)
        {
            context.RequireVersion(request.Namespace, request.TaskQueue.Name, pinned.Version);
        }
        attributes.CompletionCallbacks.Add(request.CompletionCallbacks);
        StartDefaults.Complete(attributes, request.WorkflowStartDelay?.ToTimeSpan() ?? TimeSpan.Zero, context.Engine.Now);
        return new StartSpec
        {
            Namespace = request.Namespace,
            WorkflowId = request.WorkflowId,
            RequestId = request.RequestId,
            NewRunId = uuid4 ? context.Runs.Ids.NewUuid() : context.Runs.Ids.NewRunId(),
            Attributes = attributes,
            ReusePolicy = reuse == WorkflowIdReusePolicy.Unspecified ? WorkflowIdReusePolicy.AllowDuplicate : reuse,
            ConflictPolicy = conflict == WorkflowIdConflictPolicy.Unspecified ? WorkflowIdConflictPolicy.Fail : conflict,
            UserMetadata = request.UserMetadata,
            Eager = request.RequestEagerExecution && MayBeEager(request, attributes.VersioningOverride),
            Request = request,
        };
    }

    /// <summary>Whether the client's worker is of the version that the first task goes to.</summary>
    private bool MayBeEager(StartWorkflowExecutionRequest request, VersioningOverride? given)
    {
        var routing = context.Engine.Deployments.Routing;
        return routing.IsEmpty || VersionNames.KeyOf(VersionNames.Of(request.EagerWorkerDeploymentOptions)) == routing.TargetOf(
            new TaskQueueKey(request.Namespace, request.TaskQueue.Name, TaskQueueType.Workflow), request.WorkflowId, VersionNames.KeyOf(given?.Pinned?.Version));
    }

    private static void RequireTimeout(Duration? timeout, string field)
    {
        if (Durations.CheckAndCap(timeout) is { } wrong)
        {
            throw Faults.InvalidArgument($"An invalid {field} is set on request. cause: {wrong}");
        }
    }

    private sealed record KnownUpdate(UpdateStatus? Update, WorkflowExecutionStatus Status);
}
