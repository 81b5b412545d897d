using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;

namespace Durable.Server.Engine;

/// <summary>Starts: what there is under the workflow id, the policies, the new run.</summary>
internal sealed partial class ServerEngine
{
    public async Task<StartOutcome> StartRunAsync(StartSpec spec, CancellationToken cancellationToken)
    {
        using var held = await LockWorkflowAsync(spec.Namespace, spec.WorkflowId, cancellationToken).ConfigureAwait(false);
        return await StartLockedAsync(spec).ConfigureAwait(false);
    }

    /// <summary>The same for a caller that holds the workflow's lock.</summary>
    public async Task<StartOutcome> StartLockedAsync(StartSpec spec)
    {
        while (true)
        {
            if (await TryStartLockedAsync(spec).ConfigureAwait(false) is { } outcome)
            {
                return outcome;
            }
        }
    }

    /// <returns>Null: the run that was there closed meanwhile, and may have gone on as another one.</returns>
    private async Task<StartOutcome?> TryStartLockedAsync(StartSpec spec)
    {
        var current = await store.FindCurrentRunAsync(spec.Namespace, spec.WorkflowId).ConfigureAwait(false);
        if (current is null)
        {
            return await CreateAsync(spec).ConfigureAwait(false);
        }
        if (current.CreateRequestId == spec.RequestId)
        {
            return new StartOutcome(current.RunId, current.FirstExecutionRunId, Created: false, Started: true, current.Status);
        }
        var key = new RunKey(spec.Namespace, spec.WorkflowId, current.RunId);
        if (current.Status != WorkflowExecutionStatus.Running)
        {
            return spec.ReusePolicy switch
            {
                WorkflowIdReusePolicy.RejectDuplicate => throw AlreadyStarted(
                    current, $"Workflow execution already finished. WorkflowId: {spec.WorkflowId}, RunId: {current.RunId}. Workflow Id reuse policy: reject duplicate workflow Id."),
                WorkflowIdReusePolicy.AllowDuplicateFailedOnly when current.Status is WorkflowExecutionStatus.Completed or WorkflowExecutionStatus.ContinuedAsNew =>
                    throw AlreadyStarted(
                        current, $"Workflow execution already finished successfully. WorkflowId: {spec.WorkflowId}, RunId: {current.RunId}. Workflow Id reuse policy: allow duplicate workflow Id if last run failed."),
                _ => await CreateAsync(spec).ConfigureAwait(false),
            };
        }
        if (await WithRunAsync(key, (execution, _) => execution.KnowsRequest(spec.RequestId)).ConfigureAwait(false))
        {
            return new StartOutcome(current.RunId, current.FirstExecutionRunId, Created: false, Started: false, current.Status);
        }
        switch (spec.ConflictPolicy)
        {
            case WorkflowIdConflictPolicy.UseExisting:
                if (spec.Request?.OnConflictOptions is not null)
                {
                    await WithRunAsync(key, (execution, now) =>
                    {
                        execution.Attach(spec.Request, now);
                        return true;
                    }).ConfigureAwait(false);
                }
                return new StartOutcome(current.RunId, current.FirstExecutionRunId, Created: false, Started: false, WorkflowExecutionStatus.Running);
            case WorkflowIdConflictPolicy.TerminateExisting:
                var next = ToStartRun(spec);
                if (spec.With is null)
                {
                    try
                    {
                        await WithRunAsync(key, (execution, now) =>
                        {
                            execution.ReplaceWith(next, now);
                            return true;
                        }).ConfigureAwait(false);
                        return new StartOutcome(next.RunId, next.RunId, Created: true, Started: true, WorkflowExecutionStatus.Running);
                    }
                    catch (RpcFaultException closed) when (closed.Code == RpcStatusCode.NotFound)
                    {
                        return null;
                    }
                }
                var terminated = await WithRunAsync(key, (execution, now) =>
                {
                    if (!execution.IsRunning)
                    {
                        return false;
                    }
                    execution.Terminate(
                        "TerminateIfRunning WorkflowIdReusePolicy", new() { Payloads_ = { ServerPayloads.Json($"terminated by new runID: {spec.NewRunId}") } }, Identity, now);
                    return true;
                }).ConfigureAwait(false);
                return terminated ? await CreateAsync(spec).ConfigureAwait(false) : null;
            default:
                throw AlreadyStarted(current, $"Workflow execution is already running. WorkflowId: {spec.WorkflowId}, RunId: {current.RunId}.");
        }
    }

    public ValueTask<CurrentRun?> FindCurrentAsync(string namespaceName, string workflowId) => store.FindCurrentRunAsync(namespaceName, workflowId);

    private async Task<StartOutcome> CreateAsync(StartSpec spec)
    {
        var start = ToStartRun(spec);
        var key = new RunKey(start.Namespace, start.WorkflowId, start.RunId);
        Temporalio.Api.WorkflowService.V1.PollWorkflowTaskQueueResponse? eager = null;
        await AddRunAsync(key, async now =>
        {
            var execution = Execution.Start(start, context, now);
            spec.With?.Invoke(execution, now);
            if (spec.Eager && execution.StartEagerly(spec.Attributes.Identity, now) is { } task)
            {
                eager = await ToResponseAsync(execution, task).ConfigureAwait(false);
            }
            return execution;
        }).ConfigureAwait(false);
        return new StartOutcome(start.RunId, start.RunId, Created: true, Started: true, WorkflowExecutionStatus.Running, eager);
    }

    /// <summary>Stores a run that nobody knows yet.</summary>
    private async Task AddRunAsync(RunKey key, Func<DateTimeOffset, ValueTask<Execution>> create)
    {
        var slot = Rent(key);
        try
        {
            await slot.Gate.WaitAsync().ConfigureAwait(false);
            try
            {
                var now = Now;
                var execution = await create(now).ConfigureAwait(false);
                slot.Execution = execution;
                await CommitAsync(slot, execution, now, isNew: true).ConfigureAwait(false);
            }
            catch
            {
                Forget(slot);
                throw;
            }
            finally
            {
                slot.Gate.Release();
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    private static StartRun ToStartRun(StartSpec spec)
    {
        var attributes = spec.Attributes;
        attributes.WorkflowId = spec.WorkflowId;
        attributes.FirstExecutionRunId = spec.NewRunId;
        attributes.OriginalExecutionRunId = spec.NewRunId;
        return new StartRun
        {
            Namespace = spec.Namespace,
            WorkflowId = spec.WorkflowId,
            RunId = spec.NewRunId,
            RequestId = spec.RequestId,
            Attributes = attributes,
            UserMetadata = spec.UserMetadata,
            HoldFirstTask = spec.HoldFirstTask,
            ScheduleId = spec.ScheduleId,
        };
    }

    private static RpcFaultException AlreadyStarted(CurrentRun current, string message) => new(
        RpcStatusCode.AlreadyExists,
        message,
        new WorkflowExecutionAlreadyStartedFailure
        {
            StartRequestId = current.CreateRequestId,
            RunId = current.RunId,
            FirstExecutionRunId = current.FirstExecutionRunId,
        });
}
