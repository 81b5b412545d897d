using Durable.Server.Executions;

namespace Durable.Server.Schedules;

public enum ActionPhase
{
    None,
    Buffered,
    Starting,
    Running,
    Ending,
    Detached,
    Closed,
    Dropped,
}

public enum ActionEvent
{
    Buffer,
    Skip,
    Start,
    FailStart,
    Started,
    Detach,
    RequestEnd,
    Close,
}

/// <summary>One action of a schedule, from the time at which it is due to the end of its workflow.</summary>
/// <remarks><c>Detach</c>: started under ALLOW_ALL, so nothing waits for it. <c>RequestEnd</c>: cancelled or terminated for the one that waits.</remarks>
public static class ScheduleMachine
{
    public static TransitionTable<ActionPhase, ActionEvent> Action { get; } = new(
        "scheduled action",
        (ActionPhase.None, ActionEvent.Buffer, ActionPhase.Buffered),
        (ActionPhase.Buffered, ActionEvent.Skip, ActionPhase.Dropped),
        (ActionPhase.Buffered, ActionEvent.Start, ActionPhase.Starting),
        (ActionPhase.Starting, ActionEvent.FailStart, ActionPhase.Dropped),
        (ActionPhase.Starting, ActionEvent.Started, ActionPhase.Running),
        (ActionPhase.Starting, ActionEvent.Detach, ActionPhase.Detached),
        (ActionPhase.Running, ActionEvent.RequestEnd, ActionPhase.Ending),
        (ActionPhase.Running, ActionEvent.Close, ActionPhase.Closed),
        (ActionPhase.Ending, ActionEvent.Close, ActionPhase.Closed));
}
