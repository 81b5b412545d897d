using Temporalio.Api.Enums.V1;

namespace Durable.Server.Executions;

public enum WorkflowTaskPhase
{
    None,
    Scheduled,
    Started,
}

public enum WorkflowTaskEvent
{
    Schedule,
    Start,
    Complete,
    Fail,
    TimeOut,
    Drop,
    CloseRun,
}

public enum ActivityPhase
{
    None,
    Scheduled,
    Started,
    Closed,
}

public enum ActivityEvent
{
    Schedule,
    Start,
    Retry,
    Complete,
    Fail,
    TimeOut,
    Cancel,
}

public enum TimerPhase
{
    None,
    Running,
    Fired,
    Canceled,
}

public enum TimerEvent
{
    Start,
    Fire,
    Cancel,
}

public enum UpdatePhase
{
    None,
    Admitted,
    Sent,
    Accepted,
    Completed,
    Rejected,
    Aborted,
}

public enum UpdateEvent
{
    Admit,
    Send,
    Accept,
    Complete,
    Reject,
    Return,
    Resurrect,
    Abort,
    CloseRun,
}

public enum ChildPhase
{
    None,
    Initiated,
    Started,
    Closed,
}

public enum ChildEvent
{
    Initiate,
    Start,
    FailStart,
    Close,
}

public enum ExternalPhase
{
    None,
    Initiated,
    Done,
    Failed,
}

public enum ExternalEvent
{
    Initiate,
    Succeed,
    Fail,
}

public enum ExecutionEvent
{
    Complete,
    Fail,
    Cancel,
    Terminate,
    TimeOut,
    ContinueAsNew,
}

/// <summary>The transition tables of a run's state machines. What is not here cannot happen.</summary>
public static class Machines
{
    /// <summary>At most one per run. <c>Drop</c>: a speculative task that only rejected, or a scheduled one that gives way.</summary>
    public static TransitionTable<WorkflowTaskPhase, WorkflowTaskEvent> WorkflowTask { get; } = new(
        "workflow task",
        (WorkflowTaskPhase.None, WorkflowTaskEvent.Schedule, WorkflowTaskPhase.Scheduled),
        (WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.Start, WorkflowTaskPhase.Started),
        (WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.TimeOut, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.Drop, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Scheduled, WorkflowTaskEvent.CloseRun, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Started, WorkflowTaskEvent.Complete, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Started, WorkflowTaskEvent.Fail, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Started, WorkflowTaskEvent.TimeOut, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Started, WorkflowTaskEvent.Drop, WorkflowTaskPhase.None),
        (WorkflowTaskPhase.Started, WorkflowTaskEvent.CloseRun, WorkflowTaskPhase.None));

    /// <summary><c>Complete</c> and <c>Cancel</c> of a scheduled one: by id from outside, and a cancel request before any worker had it.</summary>
    public static TransitionTable<ActivityPhase, ActivityEvent> Activity { get; } = new(
        "activity",
        (ActivityPhase.None, ActivityEvent.Schedule, ActivityPhase.Scheduled),
        (ActivityPhase.Scheduled, ActivityEvent.Start, ActivityPhase.Started),
        (ActivityPhase.Scheduled, ActivityEvent.Complete, ActivityPhase.Closed),
        (ActivityPhase.Scheduled, ActivityEvent.TimeOut, ActivityPhase.Closed),
        (ActivityPhase.Scheduled, ActivityEvent.Cancel, ActivityPhase.Closed),
        (ActivityPhase.Started, ActivityEvent.Retry, ActivityPhase.Scheduled),
        (ActivityPhase.Started, ActivityEvent.Complete, ActivityPhase.Closed),
        (ActivityPhase.Started, ActivityEvent.Fail, ActivityPhase.Closed),
        (ActivityPhase.Started, ActivityEvent.TimeOut, ActivityPhase.Closed),
        (ActivityPhase.Started, ActivityEvent.Cancel, ActivityPhase.Closed));

    public static TransitionTable<TimerPhase, TimerEvent> Timer { get; } = new(
        "timer",
        (TimerPhase.None, TimerEvent.Start, TimerPhase.Running),
        (TimerPhase.Running, TimerEvent.Fire, TimerPhase.Fired),
        (TimerPhase.Running, TimerEvent.Cancel, TimerPhase.Canceled),
        // Cancelled in the same task in which it fired: the buffered event is taken back.
        (TimerPhase.Fired, TimerEvent.Cancel, TimerPhase.Canceled));

    /// <summary>Only <c>Accepted</c> and <c>Completed</c> are durable. <c>Resurrect</c>: a worker accepts what a restarted server forgot.</summary>
    public static TransitionTable<UpdatePhase, UpdateEvent> Update { get; } = new(
        "update",
        (UpdatePhase.None, UpdateEvent.Admit, UpdatePhase.Admitted),
        (UpdatePhase.None, UpdateEvent.Resurrect, UpdatePhase.Sent),
        (UpdatePhase.Admitted, UpdateEvent.Send, UpdatePhase.Sent),
        (UpdatePhase.Admitted, UpdateEvent.CloseRun, UpdatePhase.Aborted),
        (UpdatePhase.Sent, UpdateEvent.Return, UpdatePhase.Admitted),
        (UpdatePhase.Sent, UpdateEvent.Accept, UpdatePhase.Accepted),
        (UpdatePhase.Sent, UpdateEvent.Reject, UpdatePhase.Rejected),
        (UpdatePhase.Sent, UpdateEvent.Abort, UpdatePhase.Aborted),
        (UpdatePhase.Sent, UpdateEvent.CloseRun, UpdatePhase.Aborted),
        (UpdatePhase.Accepted, UpdateEvent.Complete, UpdatePhase.Completed),
        (UpdatePhase.Accepted, UpdateEvent.CloseRun, UpdatePhase.Completed));

    public static TransitionTable<ChildPhase, ChildEvent> Child { get; } = new(
        "child workflow",
        (ChildPhase.None, ChildEvent.Initiate, ChildPhase.Initiated),
        (ChildPhase.Initiated, ChildEvent.Start, ChildPhase.Started),
        (ChildPhase.Initiated, ChildEvent.FailStart, ChildPhase.Closed),
        (ChildPhase.Started, ChildEvent.Close, ChildPhase.Closed));

    /// <summary>A signal or a cancel request to another workflow.</summary>
    public static TransitionTable<ExternalPhase, ExternalEvent> External { get; } = new(
        "external request",
        (ExternalPhase.None, ExternalEvent.Initiate, ExternalPhase.Initiated),
        (ExternalPhase.Initiated, ExternalEvent.Succeed, ExternalPhase.Done),
        (ExternalPhase.Initiated, ExternalEvent.Fail, ExternalPhase.Failed));

    public static TransitionTable<WorkflowExecutionStatus, ExecutionEvent> Execution { get; } = new(
        "execution",
        (WorkflowExecutionStatus.Running, ExecutionEvent.Complete, WorkflowExecutionStatus.Completed),
        (WorkflowExecutionStatus.Running, ExecutionEvent.Fail, WorkflowExecutionStatus.Failed),
        (WorkflowExecutionStatus.Running, ExecutionEvent.Cancel, WorkflowExecutionStatus.Canceled),
        (WorkflowExecutionStatus.Running, ExecutionEvent.Terminate, WorkflowExecutionStatus.Terminated),
        (WorkflowExecutionStatus.Running, ExecutionEvent.TimeOut, WorkflowExecutionStatus.TimedOut),
        (WorkflowExecutionStatus.Running, ExecutionEvent.ContinueAsNew, WorkflowExecutionStatus.ContinuedAsNew));
}
