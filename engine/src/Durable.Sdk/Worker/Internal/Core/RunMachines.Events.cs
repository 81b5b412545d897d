using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Common;
using Temporalio.Worker.Internal.Jobs;

namespace Temporalio.Worker.Internal.Core;

internal sealed partial class RunMachines
{
    private const string ChangeVersionAttribute = "TemporalChangeVersion";

    /// <summary>Takes what the server delivered with a task.</summary>
    /// <param name="previousStartedEventId">The last task before it that was completed; 0: none.</param>
    public void Deliver(IEnumerable<HistoryEvent> events, long previousStartedEventId, IEnumerable<Message> updateMessages)
    {
        history.Deliver(events, previousStartedEventId);
        incoming.AddRange(updateMessages);
        if (!sawFinalEvent)
        {
            isReplaying = previousStartedEventId > 0;
        }
    }

    /// <summary>Applies parts of the history until there is something for the workflow to do.</summary>
    /// <exception cref="NondeterminismException">An event does not fit the commands of the code.</exception>
    /// <exception cref="BadHistoryException">The history is broken.</exception>
    public void ApplyUntilJobs()
    {
        while (jobs.Count == 0)
        {
            var applied = ApplyNext();
            if (applied == 0 || !isReplaying)
            {
                return;
            }
        }
    }

    private int ApplyNext()
    {
        if (sawFinalEvent)
        {
            isReplaying = false;
            return 0;
        }
        var handled = currentStartedEventId;
        var part = history.Take(handled, out var isLast);
        if (part.IsEmpty)
        {
            isReplaying = false;
            return 0;
        }
        LearnFlags(part);
        var nextStarted = part[^1].EventType == EventType.WorkflowTaskStarted ? part[^1].EventId : currentStartedEventId;
        var skip = false;
        var processed = 0;
        for (var i = 0; i < part.Length; i++)
        {
            var current = part[i];
            if (current.EventId <= lastProcessedEventId)
            {
                continue;
            }
            if (current.EventId != lastProcessedEventId + 1)
            {
                throw new BadHistoryException(
                    $"History is out of order. Last processed event: {lastProcessedEventId}, event id: {current.EventId}");
            }
            // Replay ends with the first event that is neither written by this worker's last completion nor older.
            if (isReplaying && isLast && current.EventId > history.PreviousStartedEventId &&
                current.EventType != EventType.WorkflowTaskCompleted && !Events.IsCommand(current.EventType))
            {
                isReplaying = false;
                Flags.UseAll();
            }
            ApplyMessagesUpTo(current.EventId - 1);
            if (skip)
            {
                skip = false;
            }
            else
            {
                Apply(current, i + 1 < part.Length ? part[i + 1] : null, nextStarted, out skip);
            }
            lastProcessedEventId = current.EventId;
            processed++;
        }
        LookAhead(handled);
        if (isLast)
        {
            history.Forget();
        }
        return processed;
    }

    private void LearnFlags(ReadOnlySpan<HistoryEvent> part)
    {
        if (!isReplaying && history.PreviousStartedEventId == 0)
        {
            Flags.UseAll();
        }
        foreach (var current in part)
        {
            if (current.WorkflowTaskCompletedEventAttributes is { } completed)
            {
                Flags.Learn(completed);
            }
        }
        if (history.PeekCompleted() is { } next)
        {
            Flags.Learn(next);
            RecordedVersion = VersionOf(next);
        }
    }

    // The form has changed twice; a worker without a deployment leaves its build only.
    private static WorkerDeploymentVersion? VersionOf(WorkflowTaskCompletedEventAttributes completed) =>
        completed.DeploymentVersion is { } version ? new(version.DeploymentName, version.BuildId)
        : completed.WorkerDeploymentVersion.Contains('.', StringComparison.Ordinal) ? WorkerDeploymentVersion.FromCanonicalString(completed.WorkerDeploymentVersion)
        : completed.WorkerVersion is { BuildId.Length: > 0 } stamp ? new(string.Empty, stamp.BuildId)
        : null;

    private void Apply(HistoryEvent current, HistoryEvent? next, long nextStarted, out bool skipNext)
    {
        skipNext = false;
        sawFinalEvent |= Events.IsFinal(current.EventType);
        if (Events.IsCommand(current.EventType))
        {
            ApplyCommandEvent(current, next, out skipNext);
            return;
        }
        var commandEventId = Events.CommandEventId(current);
        if (commandEventId != 0)
        {
            if (!byEventId.TryGetValue(commandEventId, out var machine))
            {
                throw new NondeterminismException(
                    "During event handling, this event had an initial command ID but we could not find a matching command for it: " +
                    Machine.Describe(current));
            }
            machine.OnEvent(current);
            if (machine.IsFinal)
            {
                byEventId.Remove(commandEventId);
            }
            return;
        }
        switch (current.EventType)
        {
            case EventType.WorkflowExecutionStarted:
                Begin(current);
                break;
            case EventType.WorkflowTaskStarted when current.EventId >= nextStarted:
                StartTask(current);
                break;
            case EventType.WorkflowTaskFailed when current.WorkflowTaskFailedEventAttributes is { Cause: WorkflowTaskFailedCause.ResetWorkflow } failed:
                AddJob(new UpdateRandomSeedJob(RandomSeed.Of(failed.NewRunId)));
                break;
            case EventType.WorkflowExecutionSignaled:
                var signal = current.WorkflowExecutionSignaledEventAttributes;
                AddJob(new SignalJob(signal.SignalName, PayloadsOf(signal.Input), signal.Header?.Fields));
                break;
            case EventType.WorkflowExecutionCancelRequested:
                AddJob(new CancelJob());
                break;
            case EventType.WorkflowExecutionUpdateAdmitted:
                // Written by a reset: the update has to be run again, as if it came with the task.
                var admitted = current.WorkflowExecutionUpdateAdmittedEventAttributes;
                BeginUpdate(admitted.Request.Meta.UpdateId + "/request", admitted.Request.Meta.UpdateId, current.EventId, admitted.Request);
                break;
            default:
                break;
        }
    }

    private void Begin(HistoryEvent current)
    {
        started = current.WorkflowExecutionStartedEventAttributes;
        AdvanceTime(current.EventTime.ToDateTime());
        AddJob(new InitializeJob(started, RandomSeed.Of(started.OriginalExecutionRunId), current.EventTime.ToDateTime()));
    }

    private void StartTask(HistoryEvent current)
    {
        var attributes = current.WorkflowTaskStartedEventAttributes;
        currentStartedEventId = current.EventId;
        Activations = 0;
        HistorySize = checked((int)Math.Min(attributes.HistorySizeBytes, int.MaxValue));
        ContinueAsNewSuggested = attributes.SuggestContinueAsNew;
        SuggestedReasons = attributes.SuggestContinueAsNewReasons;
        AdvanceTime(current.EventTime.ToDateTime());
        if (isReplaying || LocalActivityMachines.Count == 0)
        {
            return;
        }
        foreach (var machine in LocalActivityMachines.Values)
        {
            if (machine.AwaitsMarker)
            {
                machine.ExecuteAfterAll();
            }
        }
    }

    private void ApplyCommandEvent(HistoryEvent current, HistoryEvent? next, out bool skipNext)
    {
        skipNext = false;
        if (Markers.IsLocalActivity(current))
        {
            var seq = Markers.ReadLocalActivity(current).Seq;
            recorded.RemoveAll(marker => marker.Seq == seq);
            if (!LocalActivityMachines.TryGetValue(seq, out var local))
            {
                throw new NondeterminismException($"Missing associated machine for LocalActivity({seq})");
            }
            if (local.TakesMarkerWithoutCommand)
            {
                local.OnEvent(current);
                LocalActivityMachines.Remove(seq);
                return;
            }
        }
        Machine machine;
        do
        {
            if (!SkipPatches(current, next, out skipNext))
            {
                return;
            }
            if (prepared.First is not { } first)
            {
                throw new NondeterminismException($"No command scheduled for event {Machine.Describe(current)}");
            }
            prepared.RemoveFirst();
            machine = first.Value.Machine;
        }
        while (machine.IsDropped);
        machine.OnEvent(current);
        if (!machine.IsFinal)
        {
            byEventId[current.EventId] = machine;
        }
        else if (machine is LocalActivityMachine done)
        {
            LocalActivityMachines.Remove(done.Request.Seq);
        }
    }

    // Markers and calls of patches may each be missing: a deprecated marker needs no call, and a call without marker took the old path.
    private bool SkipPatches(HistoryEvent current, HistoryEvent? next, out bool skipNext)
    {
        skipNext = false;
        if (!Markers.IsPatch(current))
        {
            while (prepared.First?.Value.Machine is PatchMachine)
            {
                prepared.RemoveFirst();
            }
            return true;
        }
        var (patchId, deprecated) = Markers.ReadPatch(current);
        if (prepared.First?.Value.Machine is PatchMachine patch && (patch.PatchId == patchId || !deprecated))
        {
            return true;
        }
        if (!deprecated)
        {
            throw new NondeterminismException(
                $"Non-deprecated patch marker encountered for change {patchId}, but there is no corresponding change command!");
        }
        skipNext = next?.UpsertWorkflowSearchAttributesEventAttributes?.SearchAttributes?.IndexedFields.ContainsKey(ChangeVersionAttribute) == true;
        return false;
    }

    // What the commands of this activation recorded decides what code sees in it: patches, local activities and updates are looked up
    // in the part that follows.
    private void LookAhead(long handled)
    {
        foreach (var ahead in history.Peek(handled))
        {
            if (Markers.IsPatch(ahead))
            {
                var (patchId, _) = Markers.ReadPatch(ahead);
                patches[patchId] = false;
                AddJob(new NotifyHasPatchJob(patchId));
            }
            else if (Markers.IsLocalActivity(ahead))
            {
                recorded.Add(Markers.ReadLocalActivity(ahead));
            }
            else if (ahead.WorkflowExecutionUpdateAcceptedEventAttributes is { } accepted && !Updates.ContainsKey(accepted.ProtocolInstanceId))
            {
                BeginUpdate(
                    accepted.AcceptedRequestMessageId, accepted.ProtocolInstanceId, accepted.AcceptedRequestSequencingEventId, accepted.AcceptedRequest);
            }
        }
        // A later activation of the task saw it: after the code has run for what begins the task.
        if (jobs.Count == 0 || recorded is not [{ Activation: > 0 }, ..])
        {
            ResolveRecorded();
        }
    }

    // Local activities end in the order of their markers, which is that in which they ended at first, and those that ended in one
    // activation end in one again. A marker whose activity is not asked for yet holds up those behind it: what ended before them asks for it.
    private void ResolveRecorded()
    {
        var resolved = 0;
        while (resolved < recorded.Count && !HasTerminalCommand && recorded[resolved] is var marker &&
            (resolved == 0 || marker.Activation == recorded[resolved - 1].Activation) &&
            LocalActivityMachines.TryGetValue(marker.Seq, out var machine) && machine.AwaitsMarker)
        {
            resolved++;
            machine.ResolveKnown(marker.Outcome);
        }
        recorded.RemoveRange(0, resolved);
    }

    private void ApplyMessagesUpTo(long eventId)
    {
        for (var i = 0; i < incoming.Count; i++)
        {
            var message = incoming[i];
            if (message.EventId > eventId)
            {
                continue;
            }
            incoming.RemoveAt(i--);
            if (Updates.ContainsKey(message.ProtocolInstanceId))
            {
                // A reset wrote the update into the history, and its caller has sent it again: one update, one run of it.
                continue;
            }
            BeginUpdate(message.Id, message.ProtocolInstanceId, message.EventId, message.Body.Unpack<Request>());
        }
    }

    private void BeginUpdate(string messageId, string protocolInstanceId, long sequencingEventId, Request request)
    {
        Updates[protocolInstanceId] = new UpdateMachine(this, messageId, protocolInstanceId, sequencingEventId, request);
        AddJob(new UpdateJob(
            request.Meta.UpdateId,
            protocolInstanceId,
            request.Input.Name,
            PayloadsOf(request.Input.Args),
            request.Input.Header?.Fields,
            runValidator: !isReplaying));
    }

    private static IReadOnlyList<Payload> PayloadsOf(Payloads? payloads) => payloads is null ? [] : payloads.Payloads_;
}
