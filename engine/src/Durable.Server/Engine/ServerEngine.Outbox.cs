using System.Security.Cryptography;
using System.Text;
using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Microsoft.Extensions.Logging;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;

namespace Durable.Server.Engine;

/// <summary>What a run asks of other runs: kept in its state until it is done, repeated after a crash, done once by its request ids.</summary>
internal sealed partial class ServerEngine
{
    private const string Identity = "history-service";

    /// <summary>Between tries of what could not be delivered, growing: the store does not write, or a bug. The run's own work goes on meanwhile.</summary>
    private static readonly TimeSpan FirstRedelivery = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LongestRedelivery = TimeSpan.FromSeconds(30);

    private void PumpOutbox(RunSlot slot)
    {
        if (slot.TryBeginPump())
        {
            // Rented until the pump ends: another slot of the same run would start a second one.
            Rent(slot.Key);
            background.Run(() => PumpAsync(slot));
        }
    }

    /// <summary>Delivers until the outbox is empty. At most one of these per slot: whoever adds an entry while it runs is seen by its next look.</summary>
    private async Task PumpAsync(RunSlot slot)
    {
        try
        {
            var pause = FirstRedelivery;
            while (!stopping.IsCancellationRequested)
            {
                var looked = slot.PumpWishes;
                if (await TryDeliverAllAsync(slot.Key).ConfigureAwait(false) is not { } isDone)
                {
                    await Task.Delay(pause, TimeProvider.System, stopping.Token).ConfigureAwait(false);
                    pause = pause * 2 < LongestRedelivery ? pause * 2 : LongestRedelivery;
                    continue;
                }
                pause = FirstRedelivery;
                if (isDone && slot.TryEndPump(looked))
                {
                    return;
                }
            }
        }
        finally
        {
            GiveBack(slot);
        }
    }

    /// <returns>True: there was nothing; false: look again; null: something could not be delivered.</returns>
    private async Task<bool?> TryDeliverAllAsync(RunKey source)
    {
        OutboxEntry[] entries;
        try
        {
            entries = await WithRunAsync(source, static (execution, _) => execution.Outbox.Select(static entry => entry.Clone()).ToArray()).ConfigureAwait(false);
        }
        catch (RpcFaultException fault) when (fault.Code == RpcStatusCode.NotFound)
        {
            // Deleted with all that it still wanted.
            return true;
        }
        bool? result = entries.Length == 0;
        foreach (var entry in entries)
        {
            try
            {
                await DeliverAsync(source, entry).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // One entry that cannot be delivered must not hold up the others, and nothing but this loop comes back to it.
            catch (Exception failed) when (!stopping.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogWarning(failed, "Outbox entry {Entry} of {WorkflowId} {RunId} is not delivered yet", entry.Id, source.WorkflowId, source.RunId);
                result = null;
            }
        }
        return result;
    }

    private async Task DeliverAsync(RunKey source, OutboxEntry entry)
    {
        switch (entry.ActionCase)
        {
            case OutboxEntry.ActionOneofCase.StartChild:
                await StartChildAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.ReleaseChild:
                await TryAsync(new RunKey(entry.ReleaseChild.Namespace, entry.ReleaseChild.WorkflowId, entry.ReleaseChild.RunId), static (child, now) => child.Release(now)).ConfigureAwait(false);
                await DoneAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.SignalExternal:
                await SignalExternalAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.CancelExternal:
                await CancelExternalAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.CloseChild:
                await CloseChildAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.NotifyParent:
                await NotifyParentAsync(source, entry).ConfigureAwait(false);
                break;
            case OutboxEntry.ActionOneofCase.NotifySchedule:
                await NotifyScheduleAsync(source, entry).ConfigureAwait(false);
                break;
            default:
                throw new InvalidOperationException($"Bug: outbox entry {entry.Id} of {source} has no action");
        }
    }

    /// <summary>Whom to tell that a chain that a schedule started has ended; set before recovery.</summary>
    public Func<ScheduleKey, string, HistoryEvent, Task>? ScheduledChainClosed { get; set; }

    private async Task NotifyScheduleAsync(RunKey source, OutboxEntry entry)
    {
        var (scheduleId, firstRunId) = await WithRunAsync(source, static (execution, _) => (execution.ScheduleId, execution.FirstRunId)).ConfigureAwait(false);
        if (ScheduledChainClosed is { } closed)
        {
            await closed(new ScheduleKey(source.Namespace, scheduleId), firstRunId, entry.NotifySchedule).ConfigureAwait(false);
        }
        await DoneAsync(source, entry).ConfigureAwait(false);
    }

    private Task DoneAsync(RunKey source, OutboxEntry entry) => WithRunAsync(source, (execution, _) =>
    {
        execution.OutboxDone(entry);
        return true;
    });

    /// <returns>Not found: there is no such run, or the command said so.</returns>
    private async Task<ExternalOutcome> TryAsync(RunKey key, Action<Execution, DateTimeOffset> command)
    {
        try
        {
            return await WithRunAsync(key, (execution, now) =>
            {
                command(execution, now);
                return ExternalOutcome.Delivered;
            }).ConfigureAwait(false);
        }
        catch (RpcFaultException fault) when (fault.Code == RpcStatusCode.NotFound)
        {
            return ExternalOutcome.NotFound;
        }
        catch (RpcFaultException fault) when (fault.Code == RpcStatusCode.InvalidArgument)
        {
            // The one argument that a target refuses.
            return ExternalOutcome.TooManySignals;
        }
    }

    private async Task StartChildAsync(RunKey source, OutboxEntry entry)
    {
        var (command, parent, versioning) = await WithSlotAsync(source, async (_, execution, _) =>
            (await FindEventAsync(execution, entry.StartChild).ConfigureAwait(false), execution.Started, execution.VersioningInfo?.Clone())).ConfigureAwait(false);
        var initiated = command.StartChildWorkflowExecutionInitiatedEventAttributes;
        var requestId = $"{source.RunId}:{entry.StartChild}:0";
        var started = StartDefaults.Child(initiated, source, parent, entry.StartChild, context, Now);
        var fits = Versioning.VersionOf(versioning) is { } version && context.HasVersion(initiated.Namespace, initiated.TaskQueue.Name, version);
        Versioning.Inherit(started, versioning, fits);
        try
        {
            var child = await StartRunAsync(new StartSpec
            {
                Namespace = initiated.Namespace,
                WorkflowId = initiated.WorkflowId,
                RequestId = requestId,
                Attributes = started,
                ReusePolicy = initiated.WorkflowIdReusePolicy,
                UserMetadata = command.UserMetadata,
                HoldFirstTask = true,
                NewRunId = context.Ids.NewRunId(),
            }, CancellationToken.None).ConfigureAwait(false);
            await WithRunAsync(source, (execution, now) =>
            {
                execution.ChildStarted(entry.StartChild, child.RunId, initiated.Header, now);
                execution.OutboxDone(entry);
                return true;
            }).ConfigureAwait(false);
        }
        catch (RpcFaultException fault) when (fault.Code is RpcStatusCode.AlreadyExists or RpcStatusCode.NotFound)
        {
            await WithRunAsync(source, (execution, now) =>
            {
                execution.ChildStartFailed(
                    entry.StartChild,
                    fault.Code == RpcStatusCode.NotFound ? StartChildWorkflowExecutionFailedCause.NamespaceNotFound : StartChildWorkflowExecutionFailedCause.WorkflowAlreadyExists,
                    now);
                execution.OutboxDone(entry);
                return true;
            }).ConfigureAwait(false);
        }
    }

    private async Task SignalExternalAsync(RunKey source, OutboxEntry entry)
    {
        var signal = await WithSlotAsync(source, async (_, execution, _) =>
            (await FindEventAsync(execution, entry.SignalExternal).ConfigureAwait(false)).SignalExternalWorkflowExecutionInitiatedEventAttributes).ConfigureAwait(false);
        var outcome = await TryTargetAsync(signal.Namespace, signal.WorkflowExecution, (target, now) =>
        {
            RequireOther(target, source);
            RequireChild(target, source, signal.ChildWorkflowOnly);
            target.Signal(signal.SignalName, signal.Input, signal.Header, Identity, RequestIdOf(source, entry), now, new() { WorkflowId = source.WorkflowId, RunId = source.RunId });
        }).ConfigureAwait(false);
        await ExternalDoneAsync(source, entry, outcome).ConfigureAwait(false);
    }

    private async Task CancelExternalAsync(RunKey source, OutboxEntry entry)
    {
        var cancel = await WithSlotAsync(source, async (_, execution, _) =>
            (await FindEventAsync(execution, entry.CancelExternal).ConfigureAwait(false)).RequestCancelExternalWorkflowExecutionInitiatedEventAttributes).ConfigureAwait(false);
        var outcome = await TryTargetAsync(cancel.Namespace, cancel.WorkflowExecution, (target, now) =>
        {
            RequireOther(target, source);
            RequireChild(target, source, cancel.ChildWorkflowOnly);
            target.RequestCancel(cancel.Reason, Identity, RequestIdOf(source, entry), now, new() { WorkflowId = source.WorkflowId, RunId = source.RunId }, entry.Id);
        }).ConfigureAwait(false);
        await ExternalDoneAsync(source, entry, outcome).ConfigureAwait(false);
    }

    /// <summary>A UUID, as clients send them, that a repeated delivery makes again.</summary>
    private static string RequestIdOf(RunKey source, OutboxEntry entry) =>
        new Guid(SHA256.HashData(Encoding.UTF8.GetBytes($"{source.RunId}:{entry.Id}")).AsSpan(0, 16)).ToString();

    /// <summary>A workflow reaches itself by none of its runs.</summary>
    private static void RequireOther(Execution target, RunKey source)
    {
        if (target.WorkflowId == source.WorkflowId && target.Namespace == source.Namespace)
        {
            throw Faults.NotFound("a workflow cannot signal or cancel itself");
        }
    }

    private static void RequireChild(Execution target, RunKey source, bool childOnly)
    {
        if (childOnly && target.Started.ParentWorkflowExecution?.WorkflowId != source.WorkflowId)
        {
            throw Faults.NotFound("the target is not a child of the sender");
        }
    }

    private async Task<ExternalOutcome> TryTargetAsync(string namespaceName, Temporalio.Api.Common.V1.WorkflowExecution target, Action<Execution, DateTimeOffset> command)
    {
        RunKey key;
        try
        {
            key = await ResolveAsync(namespaceName, target.WorkflowId, target.RunId).ConfigureAwait(false);
        }
        catch (RpcFaultException fault) when (fault.Code is RpcStatusCode.NotFound or RpcStatusCode.InvalidArgument)
        {
            return ExternalOutcome.NotFound;
        }
        return await TryAsync(key, command).ConfigureAwait(false);
    }

    private Task ExternalDoneAsync(RunKey source, OutboxEntry entry, ExternalOutcome outcome) => WithRunAsync(source, (execution, now) =>
    {
        execution.ExternalDone(entry.Id, outcome, now);
        execution.OutboxDone(entry);
        return true;
    });

    private async Task CloseChildAsync(RunKey source, OutboxEntry entry)
    {
        var child = entry.CloseChild;
        // The child may have gone on to another run.
        await TryTargetAsync(child.Namespace, new() { WorkflowId = child.WorkflowId }, (target, now) =>
        {
            // Not the parent's run id: a parent that was reset is another run, with the same children.
            if (target.FirstRunId != child.RunId || target.Started.ParentWorkflowExecution?.WorkflowId != source.WorkflowId)
            {
                return;
            }
            if (child.ParentClosePolicy == ParentClosePolicy.RequestCancel)
            {
                target.RequestCancel("", Identity, $"{source.RunId}:{entry.Id}:close", now, new() { WorkflowId = source.WorkflowId, RunId = source.RunId });
            }
            else if (target.IsRunning)
            {
                target.Terminate("by parent close policy", null, Identity, now);
            }
        }).ConfigureAwait(false);
        await DoneAsync(source, entry).ConfigureAwait(false);
    }

    private async Task NotifyParentAsync(RunKey source, OutboxEntry entry)
    {
        var started = await WithRunAsync(source, static (execution, _) => execution.Started).ConfigureAwait(false);
        var parent = new RunKey(started.ParentWorkflowNamespace, started.ParentWorkflowExecution.WorkflowId, started.ParentWorkflowExecution.RunId);
        while (parent.RunId.Length > 0)
        {
            var next = "";
            await TryAsync(parent, (execution, now) =>
            {
                execution.ChildClosed(started.ParentInitiatedEventId, source.RunId, entry.NotifyParent, now);
                next = execution.IsRunning ? "" : execution.ResetRunId;
            }).ConfigureAwait(false);
            // A parent that was reset lives on in another run.
            parent = parent with { RunId = next };
        }
        await DoneAsync(source, entry).ConfigureAwait(false);
    }
}
