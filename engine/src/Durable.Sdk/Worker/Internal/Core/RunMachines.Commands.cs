using System.Buffers;
using System.Text.Json;
using Google.Protobuf;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Worker.Internal.Commands;

namespace Temporalio.Worker.Internal.Core;

internal sealed partial class RunMachines
{
    /// <summary>A search attribute with more patches than this many bytes is not written.</summary>
    private const int ChangeVersionMaxBytes = 2048;

    /// <summary>Takes what code asked for in an activation. Jobs that follow at once, such as cancelled activities, are there afterwards.</summary>
    /// <exception cref="NondeterminismException">Two parts of the state do not fit.</exception>
    public void ApplyCommands(List<WorkflowCommand> commands)
    {
        OrderTerminal(commands);
        foreach (var command in commands)
        {
            Apply(command);
        }
        Prepare();
        ResolveRecorded();
    }

    private void OrderTerminal(List<WorkflowCommand> commands)
    {
        var terminal = commands.FindIndex(static command => command.IsTerminal);
        if (terminal < 0)
        {
            return;
        }
        if (!Flags.MovesTerminalLast)
        {
            commands.RemoveRange(terminal + 1, commands.Count - terminal - 1);
            return;
        }
        var first = commands[terminal];
        commands.RemoveAll(static command => command.IsTerminal);
        commands.Add(first);
    }

    private void Apply(WorkflowCommand command)
    {
        switch (command)
        {
            case StartTimerCommand start:
                var timer = new TimerMachine(this, start);
                Timers.Add(start.Seq, timer);
                AddCommand(timer, timer.Command);
                break;
            case CancelTimerCommand cancel:
                Timers.GetValueOrDefault(cancel.Seq)?.Cancel();
                break;
            case ScheduleActivityCommand schedule:
                var activity = new ActivityMachine(this, schedule);
                Activities.Add(schedule.Seq, activity);
                AddCommand(activity, activity.Command);
                break;
            case CancelActivityCommand cancel:
                Activities.GetValueOrDefault(cancel.Seq)?.Cancel();
                break;
            case ScheduleLocalActivityCommand schedule:
                var local = new LocalActivityMachine(this, schedule.Request);
                LocalActivityMachines.Add(schedule.Request.Seq, local);
                local.Begin(isReplaying);
                break;
            case CancelLocalActivityCommand cancel:
                LocalActivityMachines.GetValueOrDefault(cancel.Seq)?.Cancel();
                break;
            case StartChildWorkflowCommand start:
                var child = new ChildWorkflowMachine(this, start);
                Children.Add(start.Seq, child);
                AddCommand(child, child.Command);
                break;
            case CancelChildWorkflowCommand cancel:
                Children.GetValueOrDefault(cancel.Seq)?.Cancel();
                break;
            case SignalExternalWorkflowCommand send:
                var signal = new SignalExternalMachine(this, send);
                Signals.Add(send.Seq, signal);
                AddCommand(signal, signal.Command);
                break;
            case CancelSignalWorkflowCommand cancel:
                Signals.GetValueOrDefault(cancel.Seq)?.Cancel();
                break;
            case CancelExternalWorkflowCommand cancel:
                var external = new CancelExternalMachine(this, cancel);
                AddCommand(external, external.Command);
                break;
            case SetPatchMarkerCommand patch:
                ApplyPatch(patch);
                break;
            case UpsertSearchAttributesCommand upsert:
                var attributes = new UpsertSearchAttributesMachine(upsert.Attributes);
                AddCommand(attributes, attributes.Command);
                break;
            case ModifyPropertiesCommand modify:
                var properties = new ModifyPropertiesMachine(modify.Attributes);
                AddCommand(properties, properties.Command);
                break;
            case AcceptUpdateCommand accept:
                Update(accept.ProtocolInstanceId).Accept();
                break;
            case RejectUpdateCommand reject:
                Update(reject.ProtocolInstanceId).RejectOrFail(reject.Failure);
                break;
            case CompleteUpdateCommand complete:
                Update(complete.ProtocolInstanceId).Complete(complete.Result);
                break;
            default:
                ApplyTerminal(command);
                break;
        }
    }

    private void ApplyTerminal(WorkflowCommand command)
    {
        var proto = command switch
        {
            CompleteWorkflowCommand complete => new Command
            {
                CommandType = CommandType.CompleteWorkflowExecution,
                CompleteWorkflowExecutionCommandAttributes = new() { Result = new Payloads { Payloads_ = { complete.Result } } },
            },
            FailWorkflowCommand fail => new Command
            {
                CommandType = CommandType.FailWorkflowExecution,
                FailWorkflowExecutionCommandAttributes = new() { Failure = fail.Failure },
            },
            CancelWorkflowCommand => new Command
            {
                CommandType = CommandType.CancelWorkflowExecution,
                CancelWorkflowExecutionCommandAttributes = new(),
            },
            ContinueAsNewCommand next => new Command
            {
                CommandType = CommandType.ContinueAsNewWorkflowExecution,
                ContinueAsNewWorkflowExecutionCommandAttributes = next.Attributes,
            },
            _ => throw new InvalidOperationException($"Bug: unknown command {command.GetType().Name}"),
        };
        HasTerminalCommand = true;
        AddCommand(new TerminalMachine(proto), proto);
        LocalActivities.Clear();
    }

    private void ApplyPatch(SetPatchMarkerCommand command)
    {
        var known = patches.TryGetValue(command.PatchId, out var hasCommand);
        if (hasCommand)
        {
            return;
        }
        var machine = new PatchMachine(command.PatchId, command.Deprecated);
        AddCommand(machine, machine.Command);
        patches[command.PatchId] = true;
        if ((isReplaying && !known) || !Flags.UpsertsOnPatch || ChangeVersions() is not { } versions)
        {
            return;
        }
        var upsert = new UpsertSearchAttributesMachine(new UpsertWorkflowSearchAttributesCommandAttributes
        {
            SearchAttributes = new() { IndexedFields = { [ChangeVersionAttribute] = versions } },
        });
        AddCommand(upsert, upsert.Command);
    }

    private Payload? ChangeVersions()
    {
        var buffer = new ArrayBufferWriter<byte>(64);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            foreach (var (patchId, hasCommand) in patches)
            {
                if (hasCommand)
                {
                    writer.WriteStringValue(patchId);
                }
            }
            writer.WriteEndArray();
        }
        return buffer.WrittenCount >= ChangeVersionMaxBytes
            ? null
            : new Payload
            {
                Data = ByteString.CopyFrom(buffer.WrittenSpan),
                Metadata = { ["encoding"] = ByteString.CopyFromUtf8("json/plain"), ["type"] = ByteString.CopyFromUtf8("KeywordList") },
            };
    }

    private UpdateMachine Update(string protocolInstanceId) =>
        Updates.GetValueOrDefault(protocolInstanceId) ??
        throw new NondeterminismException($"Tried to handle an update response for update with instance id {protocolInstanceId} but it was not found!");

    // Local activities prepare several times within a task, so what is prepared may have been taken back since.
    private void Prepare()
    {
        for (var node = prepared.First; node is not null;)
        {
            var next = node.Next;
            if (node.Value.Machine.IsDropped)
            {
                prepared.Remove(node);
            }
            node = next;
        }
        while (fresh.TryDequeue(out var command))
        {
            if (!command.Machine.IsDropped)
            {
                command.Machine.OnCommandPrepared(command.Command.CommandType);
                prepared.AddLast(command);
            }
        }
    }
}
