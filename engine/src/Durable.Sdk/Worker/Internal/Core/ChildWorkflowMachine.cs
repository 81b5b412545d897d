using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.History.V1;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Jobs;
using Temporalio.Workflows;
using Table = Temporalio.Worker.Internal.Core.TransitionTable<
    Temporalio.Worker.Internal.Core.ChildWorkflowMachine,
    Temporalio.Worker.Internal.Core.ChildWorkflowMachine.State,
    Temporalio.Worker.Internal.Core.ChildWorkflowMachine.Input>;

namespace Temporalio.Worker.Internal.Core;

internal sealed class ChildWorkflowMachine : Machine
{
    // "Cancel" waits for the end of the child; "LetGo" does not.
    public static readonly Table Table = new(
        new(State.Created, Input.StartPrepared, State.Created),
        new(State.Created, Input.Initiated, State.Initiated, static (machine, data) => machine.OnInitiated((HistoryEvent)data!)),
        new(State.Created, Input.Cancel, State.Dropped, static (machine, _) => machine.ResolveDropped()),
        new(State.Created, Input.LetGo, State.Dropped, static (machine, _) => machine.ResolveDropped()),
        new(State.Initiated, Input.Started, State.Started, static (machine, data) => machine.OnStarted((HistoryEvent)data!)),
        new(State.Initiated, Input.StartFailed, State.StartFailed, static (machine, data) => machine.OnStartFailed((HistoryEvent)data!)),
        new(State.Initiated, Input.Cancel, State.Initiated, static (machine, _) => machine.RequestCancel()),
        new(State.Initiated, Input.LetGo, State.LetGo, static (machine, _) => machine.LetGoBeforeStart()),
        new(State.Started, Input.Completed, State.Closed, static (machine, data) => machine.ResolveCompleted((HistoryEvent)data!)),
        new(State.Started, Input.Failed, State.Closed, static (machine, data) => machine.ResolveFailed((HistoryEvent)data!)),
        new(State.Started, Input.TimedOut, State.Closed, static (machine, data) => machine.ResolveTimedOut((HistoryEvent)data!)),
        new(State.Started, Input.Terminated, State.Closed, static (machine, _) => machine.ResolveTerminated()),
        new(State.Started, Input.Cancelled, State.Closed, static (machine, _) => machine.ResolveCancelled()),
        new(State.Started, Input.Cancel, State.Started, static (machine, _) => machine.RequestCancel()),
        new(State.Started, Input.LetGo, State.LetGo, static (machine, _) => machine.LetGo()),
        new(State.LetGo, Input.Started, State.LetGo, static (machine, data) => machine.OnLetGoStarted((HistoryEvent)data!)),
        new(State.LetGo, Input.StartFailed, State.Closed),
        new(State.LetGo, Input.Completed, State.Closed),
        new(State.LetGo, Input.Failed, State.Closed),
        new(State.LetGo, Input.TimedOut, State.Closed),
        new(State.LetGo, Input.Terminated, State.Closed),
        new(State.LetGo, Input.Cancelled, State.Closed));

    private readonly RunMachines run;
    private readonly uint seq;
    private readonly ChildWorkflowCancellationType cancellation;
    private long initiatedEventId;
    private long startedEventId;
    private string runId = string.Empty;
    private State state;

    public ChildWorkflowMachine(RunMachines run, StartChildWorkflowCommand command)
    {
        this.run = run;
        seq = command.Seq;
        cancellation = command.Cancellation;
        Command = new Command
        {
            CommandType = CommandType.StartChildWorkflowExecution,
            StartChildWorkflowExecutionCommandAttributes = command.Attributes,
            UserMetadata = command.Metadata,
        };
    }

    internal enum State
    {
        Created,
        Initiated,
        Started,
        LetGo,
        Closed,
        StartFailed,
        Dropped,
    }

    internal enum Input
    {
        StartPrepared,
        Initiated,
        Started,
        StartFailed,
        Completed,
        Failed,
        TimedOut,
        Terminated,
        Cancelled,
        Cancel,
        LetGo,
    }

    public Command Command { get; }

    public override bool IsDropped => state == State.Dropped;

    public override bool IsFinal => state is State.Closed or State.StartFailed or State.Dropped;

    private StartChildWorkflowExecutionCommandAttributes Attributes => Command.StartChildWorkflowExecutionCommandAttributes;

    public void Cancel()
    {
        if (!IsFinal && state != State.LetGo)
        {
            var waits = cancellation is ChildWorkflowCancellationType.WaitCancellationCompleted or ChildWorkflowCancellationType.WaitCancellationRequested;
            Table.Take(this, ref state, waits ? Input.Cancel : Input.LetGo);
        }
    }

    public override void OnCommandPrepared(CommandType type) => Table.Take(this, ref state, Input.StartPrepared);

    public override void OnEvent(HistoryEvent historyEvent) =>
        Table.Take(this, ref state, InputOf(historyEvent), historyEvent);

    private static Input InputOf(HistoryEvent historyEvent) => historyEvent.EventType switch
    {
        EventType.StartChildWorkflowExecutionInitiated => Input.Initiated,
        EventType.StartChildWorkflowExecutionFailed => Input.StartFailed,
        EventType.ChildWorkflowExecutionStarted => Input.Started,
        EventType.ChildWorkflowExecutionCompleted => Input.Completed,
        EventType.ChildWorkflowExecutionFailed => Input.Failed,
        EventType.ChildWorkflowExecutionTimedOut => Input.TimedOut,
        EventType.ChildWorkflowExecutionTerminated => Input.Terminated,
        EventType.ChildWorkflowExecutionCanceled => Input.Cancelled,
        _ => throw new NondeterminismException($"Child workflow machine does not handle this event: {Describe(historyEvent)}"),
    };

    private void OnInitiated(HistoryEvent historyEvent)
    {
        var recorded = historyEvent.StartChildWorkflowExecutionInitiatedEventAttributes;
        if (run.Flags.ChecksIds)
        {
            if (recorded.WorkflowId != Attributes.WorkflowId)
            {
                throw new NondeterminismException(
                    $"Child workflow id of scheduled event '{recorded.WorkflowId}' does not match child workflow id of command '{Attributes.WorkflowId}'");
            }
            if (recorded.WorkflowType?.Name != Attributes.WorkflowType.Name)
            {
                throw new NondeterminismException(
                    $"Child workflow type of scheduled event '{recorded.WorkflowType?.Name}' does not match child workflow type of command '{Attributes.WorkflowType.Name}'");
            }
        }
        initiatedEventId = historyEvent.EventId;
    }

    private void OnStarted(HistoryEvent historyEvent)
    {
        OnLetGoStarted(historyEvent);
        run.AddJob(new ResolveChildStartJob(seq, runId, default, null));
    }

    private void OnLetGoStarted(HistoryEvent historyEvent)
    {
        startedEventId = historyEvent.EventId;
        runId = historyEvent.ChildWorkflowExecutionStartedEventAttributes.WorkflowExecution.RunId;
    }

    private void OnStartFailed(HistoryEvent historyEvent)
    {
        run.Children.Remove(seq);
        run.AddJob(new ResolveChildStartJob(seq, null, historyEvent.StartChildWorkflowExecutionFailedEventAttributes.Cause, null));
    }

    private void ResolveDropped()
    {
        run.Children.Remove(seq);
        run.AddJob(new ResolveChildStartJob(seq, null, default, Wrap(
            "Child Workflow Execution cancelled before scheduled: ",
            new Failure { CanceledFailureInfo = new() },
            RetryState.NonRetryableFailure)));
    }

    private void RequestCancel()
    {
        // Abandon tells nobody.
        if (cancellation == ChildWorkflowCancellationType.Abandon)
        {
            return;
        }
        run.AddInternal(new CancelExternalMachine(run, new RequestCancelExternalWorkflowExecutionCommandAttributes
        {
            Namespace = Attributes.Namespace,
            WorkflowId = Attributes.WorkflowId,
            RunId = runId,
            ChildWorkflowOnly = true,
        }));
    }

    private void LetGo()
    {
        RequestCancel();
        ResolveCancelled();
    }

    private void LetGoBeforeStart()
    {
        RequestCancel();
        run.Children.Remove(seq);
        run.AddJob(new ResolveChildStartJob(seq, null, default, Wrap(
            "Child Workflow execution cancelled",
            new Failure { CanceledFailureInfo = new() },
            RetryState.NonRetryableFailure)));
    }

    private void ResolveCompleted(HistoryEvent historyEvent)
    {
        var result = historyEvent.ChildWorkflowExecutionCompletedEventAttributes.Result;
        Resolve(new ResolveChildJob(seq, result is { Payloads_.Count: > 0 } ? result.Payloads_[0] : null, null));
    }

    private void ResolveFailed(HistoryEvent historyEvent)
    {
        var attributes = historyEvent.ChildWorkflowExecutionFailedEventAttributes;
        Resolve(new ResolveChildJob(seq, null, Wrap("Child Workflow execution failed", attributes.Failure, attributes.RetryState)));
    }

    private void ResolveTimedOut(HistoryEvent historyEvent) =>
        Resolve(new ResolveChildJob(seq, null, Wrap(
            "Child Workflow execution timed out",
            new Failure { Message = "Timed out", TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose } },
            historyEvent.ChildWorkflowExecutionTimedOutEventAttributes.RetryState)));

    private void ResolveTerminated() =>
        Resolve(new ResolveChildJob(seq, null, Wrap(
            "Child Workflow execution terminated",
            new Failure { Message = "Terminated", TerminatedFailureInfo = new() },
            RetryState.NonRetryableFailure)));

    private void ResolveCancelled() =>
        Resolve(new ResolveChildJob(seq, null, Wrap(
            "Child Workflow execution cancelled",
            new Failure { CanceledFailureInfo = new() },
            RetryState.NonRetryableFailure)));

    private void Resolve(ResolveChildJob job)
    {
        run.Children.Remove(seq);
        run.AddJob(job);
    }

    private Failure Wrap(string message, Failure cause, RetryState retryState) => new()
    {
        Message = message,
        Cause = cause,
        ChildWorkflowExecutionFailureInfo = new()
        {
            Namespace = Attributes.Namespace,
            WorkflowExecution = new() { WorkflowId = Attributes.WorkflowId, RunId = runId },
            WorkflowType = Attributes.WorkflowType,
            InitiatedEventId = initiatedEventId,
            StartedEventId = startedEventId,
            RetryState = retryState,
        },
    };
}
