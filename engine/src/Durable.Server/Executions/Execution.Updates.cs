using Durable.Protocol;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;

namespace Durable.Server.Executions;

/// <summary>Updates: the volatile registry of those under way, and the durable one of accepted and completed ones.</summary>
public sealed partial class Execution
{
    private readonly Dictionary<string, PendingUpdate> pendingUpdates = new(StringComparer.Ordinal);
    private long updateSequence;

    /// <summary>Where an update stands; null when this run does not know it.</summary>
    public UpdateStatus? FindUpdate(string updateId)
    {
        if (state.Updates.TryGetValue(updateId, out var stored) && stored.AcceptedEventId != 0)
        {
            if (stored.Outcome is not null)
            {
                return new(UpdateWorkflowExecutionLifecycleStage.Completed, stored.Outcome);
            }
            return IsRunning
                ? new(UpdateWorkflowExecutionLifecycleStage.Accepted, null)
                : new(UpdateWorkflowExecutionLifecycleStage.Completed, ClosedBeforeCompleted());
        }
        return pendingUpdates.ContainsKey(updateId) ? new(UpdateWorkflowExecutionLifecycleStage.Admitted, null) : null;
    }

    /// <summary>Takes an update in; a known id attaches to what is there.</summary>
    public void AdmitUpdate(Request request, DateTimeOffset now)
    {
        var updateId = request.Meta.UpdateId;
        if (FindUpdate(updateId) is not null)
        {
            return;
        }
        RequireRunning();
        if (state.WorkflowTask is { Attempt: >= 3 } || state.WorkflowTaskAttempt >= 3)
        {
            throw Faults.NotReady("Unable to perform workflow execution update due to Workflow Task in failed state.");
        }
        RequireNotClosing();
        var inFlight = pendingUpdates.Count;
        foreach (var update in state.Updates.Values)
        {
            if (update.Outcome is null && update.AcceptedEventId != 0)
            {
                inFlight++;
            }
        }
        var limits = context.Limits;
        if (inFlight >= limits.UpdatesInFlight)
        {
            throw Faults.Exhausted(
                $"limit on number of concurrent in-flight updates has been reached ({limits.UpdatesInFlight})", ResourceExhaustedCause.ConcurrentLimit);
        }
        if (state.UpdateCount + pendingUpdates.Count >= limits.UpdatesPerRun)
        {
            throw new RpcFaultException(
                RpcStatusCode.FailedPrecondition,
                $"The limit on the total number of distinct updates in this workflow has been reached ({limits.UpdatesPerRun}). "
                + "Make sure any duplicate updates share an Update ID so the server can deduplicate them, and consider rejecting updates that you aren't going to process. "
                + "You can also Continue-as-New to avoid this; we recommend you check Continue-as-New Suggested in your Workflow.");
        }
        pendingUpdates.Add(updateId, new PendingUpdate(updateId, request, updateSequence++) { Phase = Machines.Update.Next(UpdatePhase.None, UpdateEvent.Admit) });
        WakeForUpdate(now);
    }

    /// <summary>
    /// An update that a reset takes over. The event tells the worker of it, so no message does; who sends it again or polls for it finds it here.
    /// </summary>
    private void AdmitByEvent(Request request, UpdateAdmittedEventOrigin origin, DateTimeOffset now)
    {
        if (state.Updates.ContainsKey(request.Meta.UpdateId))
        {
            return;
        }
        Append(EventType.WorkflowExecutionUpdateAdmitted, now, e => e.WorkflowExecutionUpdateAdmittedEventAttributes = new()
        {
            Request = request,
            Origin = origin,
        });
        state.Updates[request.Meta.UpdateId] = new UpdateState { UpdateId = request.Meta.UpdateId };
    }

    /// <summary>The updates that stand in the history as admitted, after the state was made or restored.</summary>
    private void RegisterAdmittedByEvent()
    {
        if (!IsRunning)
        {
            return;
        }
        foreach (var update in state.Updates.Values)
        {
            if (update.AcceptedEventId == 0)
            {
                pendingUpdates.Add(update.UpdateId, new PendingUpdate(update.UpdateId, null, updateSequence++)
                {
                    Phase = Machines.Update.Next(UpdatePhase.None, UpdateEvent.Admit),
                });
            }
        }
    }

    private void WakeForUpdate(DateTimeOffset now)
    {
        if (held || deferFirstTask || state.WorkflowTask is not null)
        {
            return;
        }
        // Before the first task of a run whose start is delayed too: an update that is accepted ends the delay, one that is rejected leaves it as it was.
        ScheduleWorkflowTask(now, asSpeculative: true);
    }

    /// <summary>The messages for a task that starts: every update that no worker has, in order of admission.</summary>
    private List<Message> TakeUpdateMessages(WorkflowTaskState task)
    {
        var messages = new List<Message>();
        if (pendingUpdates.Count == 0)
        {
            return messages;
        }
        var waiting = new List<PendingUpdate>();
        foreach (var update in pendingUpdates.Values)
        {
            if (update.Phase == UpdatePhase.Admitted)
            {
                waiting.Add(update);
            }
        }
        waiting.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        foreach (var update in waiting)
        {
            update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Send);
            update.SequencingEventId = task.StartedEventId - 1;
            if (update.Request is null)
            {
                continue;
            }
            messages.Add(new Message
            {
                Id = update.UpdateId + "/request",
                ProtocolInstanceId = update.UpdateId,
                EventId = update.SequencingEventId,
                Body = Any.Pack(update.Request),
            });
        }
        return messages;
    }

    /// <summary>The task ended without an answer: its updates go out again with the next one.</summary>
    private void ReturnUpdates()
    {
        foreach (var update in pendingUpdates.Values)
        {
            if (update.Phase == UpdatePhase.Sent)
            {
                update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Return);
            }
        }
    }

    /// <summary>The registry before a completion, for the case that one of its commands is refused.</summary>
    private List<(PendingUpdate Update, UpdatePhase Phase)> SnapshotUpdates()
    {
        var snapshot = new List<(PendingUpdate, UpdatePhase)>(pendingUpdates.Count);
        foreach (var update in pendingUpdates.Values)
        {
            snapshot.Add((update, update.Phase));
        }
        return snapshot;
    }

    private void RestoreUpdates(List<(PendingUpdate Update, UpdatePhase Phase)> snapshot)
    {
        pendingUpdates.Clear();
        foreach (var (update, phase) in snapshot)
        {
            update.Phase = phase;
            pendingUpdates.Add(update.UpdateId, update);
        }
    }

    private bool HasAdmittedUpdates()
    {
        foreach (var update in pendingUpdates.Values)
        {
            if (update.Phase == UpdatePhase.Admitted)
            {
                return true;
            }
        }
        return false;
    }

    private void AcceptUpdate(Message message, Acceptance acceptance, long completedEventId, DateTimeOffset now)
    {
        var updateId = message.ProtocolInstanceId;
        if (!pendingUpdates.TryGetValue(updateId, out var update))
        {
            if (state.Updates.ContainsKey(updateId) || acceptance.AcceptedRequest is null)
            {
                throw new CommandFailure(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"update \"{updateId}\" not found");
            }
            // This server was restarted since it sent the request; the worker brings it back.
            update = new PendingUpdate(updateId, acceptance.AcceptedRequest, updateSequence++)
            {
                Phase = Machines.Update.Next(UpdatePhase.None, UpdateEvent.Resurrect),
                SequencingEventId = acceptance.AcceptedRequestSequencingEventId,
            };
        }
        else if (update.Phase == UpdatePhase.Admitted)
        {
            // A restart forgot it, its caller sent it again, and the worker still had it from before: the same request, so this is its turn.
            update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Send);
            update.SequencingEventId = acceptance.AcceptedRequestSequencingEventId;
        }
        update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Accept);
        var accepted = Append(EventType.WorkflowExecutionUpdateAccepted, now, e => e.WorkflowExecutionUpdateAcceptedEventAttributes = new()
        {
            ProtocolInstanceId = updateId,
            AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId.Length > 0 ? acceptance.AcceptedRequestMessageId : updateId + "/request",
            AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId != 0 ? acceptance.AcceptedRequestSequencingEventId : update.SequencingEventId,
            // What an UPDATE_ADMITTED has is not told twice.
            AcceptedRequest = update.Request is null ? null : acceptance.AcceptedRequest ?? update.Request,
        });
        pendingUpdates.Remove(updateId);
        state.Updates[updateId] = new UpdateState { UpdateId = updateId, AcceptedEventId = accepted.EventId };
        state.UpdateCount++;
        effects.Add(new UpdateChanged(updateId));
    }

    private void CompleteUpdate(Message message, Response response, DateTimeOffset now)
    {
        var updateId = message.ProtocolInstanceId;
        if (!state.Updates.TryGetValue(updateId, out var update) || update.Outcome is not null)
        {
            throw new CommandFailure(WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, $"update \"{updateId}\" is not accepted, so it cannot be completed");
        }
        Machines.Update.Next(UpdatePhase.Accepted, UpdateEvent.Complete);
        var completed = Append(EventType.WorkflowExecutionUpdateCompleted, now, e => e.WorkflowExecutionUpdateCompletedEventAttributes = new()
        {
            Meta = response.Meta ?? new Meta { UpdateId = updateId },
            AcceptedEventId = update.AcceptedEventId,
            Outcome = response.Outcome,
        });
        update.CompletedEventId = completed.EventId;
        update.Outcome = response.Outcome ?? new Outcome();
        effects.Add(new UpdateChanged(updateId));
    }

    private void RejectUpdate(string updateId, Failure failure)
    {
        if (!pendingUpdates.TryGetValue(updateId, out var update) || update.Phase != UpdatePhase.Sent)
        {
            // A rejection of something that a restart forgot: its caller has been told to try again.
            return;
        }
        update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Reject);
        pendingUpdates.Remove(updateId);
        changed |= state.Updates.Remove(updateId);
        effects.Add(new UpdateRejected(updateId, failure));
    }

    private void RejectUnanswered()
    {
        foreach (var update in new List<PendingUpdate>(pendingUpdates.Values))
        {
            if (update.Phase == UpdatePhase.Sent)
            {
                RejectUpdate(update.UpdateId, new Failure
                {
                    Message = "Workflow Update is rejected because it wasn't processed by worker. Probably, Workflow Update is not supported by the worker.",
                    Source = "Server",
                    ApplicationFailureInfo = new() { Type = "UnprocessedUpdate", NonRetryable = true },
                });
            }
        }
    }

    /// <summary>A completion of the task that carried them was refused: they are not sent again, but those that the history tells of.</summary>
    private void AbortSentUpdates()
    {
        foreach (var update in new List<PendingUpdate>(pendingUpdates.Values))
        {
            if (update.Phase == UpdatePhase.Sent && update.Request is not null)
            {
                update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.Abort);
                pendingUpdates.Remove(update.UpdateId);
                effects.Add(new UpdateAborted(
                    update.UpdateId,
                    Faults.NotReady("Unable to perform workflow execution update due to unexpected workflow task failure.")));
            }
        }
    }

    private void CloseUpdates(bool continues)
    {
        foreach (var update in pendingUpdates.Values)
        {
            update.Phase = Machines.Update.Next(update.Phase, UpdateEvent.CloseRun);
            effects.Add(new UpdateAborted(update.UpdateId, continues ? Faults.RunIsClosing() : Faults.UpdateAbortedByClose()));
        }
        pendingUpdates.Clear();
        foreach (var update in state.Updates.Values)
        {
            if (update.Outcome is null && update.AcceptedEventId != 0)
            {
                Machines.Update.Next(UpdatePhase.Accepted, UpdateEvent.CloseRun);
                effects.Add(new UpdateChanged(update.UpdateId));
            }
        }
    }

    private static Outcome ClosedBeforeCompleted() => new()
    {
        Failure = new Failure
        {
            Message = "Workflow Update failed because the Workflow completed before the Update completed.",
            Source = "Server",
            ApplicationFailureInfo = new() { Type = "AcceptedUpdateCompletedWorkflow", NonRetryable = true },
        },
    };

    private sealed class PendingUpdate(string updateId, Request? request, long sequence)
    {
        public string UpdateId => updateId;

        /// <summary>Null: it stands in the history, as UPDATE_ADMITTED.</summary>
        public Request? Request => request;

        public long Sequence => sequence;

        public UpdatePhase Phase { get; set; }

        public long SequencingEventId { get; set; }
    }
}

/// <summary>The stage that an update has reached, with its outcome when it is completed.</summary>
public sealed record UpdateStatus(UpdateWorkflowExecutionLifecycleStage Stage, Outcome? Outcome);

/// <summary>The validator (or the server, for a worker that knows no updates) refused it; the run forgets it.</summary>
public sealed record UpdateRejected(string UpdateId, Failure Failure) : Effect;

/// <summary>A command that cannot be carried out: the workflow task fails with this cause.</summary>
internal sealed class CommandFailure(WorkflowTaskFailedCause cause, string detail, bool closesRun = false) : Exception(detail)
{
    public WorkflowTaskFailedCause Cause => cause;

    /// <summary>Too large for the server: the run is terminated.</summary>
    public bool ClosesRun => closesRun;
}
