using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>
/// One run: its state and every decision about it. Pure: no I/O, no clock, no randomness but what comes with a call.
/// </summary>
/// <remarks>
/// Not thread-safe: the shell runs one command at a time. After an exception other than
/// <see cref="Durable.Protocol.RpcFaultException"/>, and after a failed commit, the object is to be discarded and restored from the store.
/// </remarks>
public sealed partial class Execution
{
    /// <summary>Creates a run. The reply is <see cref="RunStarted"/>.</summary>
    public static (Execution Execution, Decision Decision) Start(StartRun start, DecisionContext context) => throw new NotImplementedException();

    /// <summary>
    /// Creates a run that continues from an earlier point of a history. The shell terminates the run that is current, if it still runs,
    /// in the same transaction (reason of the request, identity <c>history-resetter</c>).
    /// </summary>
    /// <exception cref="Durable.Protocol.RpcFaultException">INVALID_ARGUMENT: the event is not the end of a workflow task.</exception>
    public static ResetDecision Reset(ResetRun reset, DecisionContext context) => throw new NotImplementedException();

    /// <summary>The run as it was stored, without what lives in memory only. Takes over <paramref name="state"/>.</summary>
    public static Execution Restore(RunState state) => throw new NotImplementedException();

    /// <summary>
    /// What the store keeps. The live object: serialise it at once and do not change it.
    /// </summary>
    public RunState ToState() => throw new NotImplementedException();

    /// <exception cref="Durable.Protocol.RpcFaultException">The caller's fault; the run is as it was before.</exception>
    public Decision Handle(ExecutionCommand command, DecisionContext context) => throw new NotImplementedException();

    public RunKey Key => throw new NotImplementedException();

    public WorkflowExecutionStatus Status => throw new NotImplementedException();

    public bool IsRunning => Status == WorkflowExecutionStatus.Running;

    public string WorkflowType => throw new NotImplementedException();

    public string TaskQueue => throw new NotImplementedException();

    public string FirstExecutionRunId => throw new NotImplementedException();

    public string CreateRequestId => throw new NotImplementedException();

    public DateTimeOffset StartTime => throw new NotImplementedException();

    /// <summary>Null while open.</summary>
    public DateTimeOffset? CloseTime => throw new NotImplementedException();

    /// <summary>Id of the last stored event.</summary>
    public long LastEventId => throw new NotImplementedException();

    /// <summary>Events of the running transient or speculative workflow task that follow the stored ones in what workers and clients read.</summary>
    public IReadOnlyList<HistoryEvent> VirtualEvents => throw new NotImplementedException();

    /// <summary>When <see cref="FireDueTimers"/> next has something to do; null: never.</summary>
    public DateTimeOffset? NextTimerAt => throw new NotImplementedException();

    /// <summary>A workflow task or an activity waits for a poller, or the outbox is not empty.</summary>
    public bool HasReadyWork => throw new NotImplementedException();

    /// <summary>There are updates, queries or a workflow task that are in memory only; evicting the run loses them.</summary>
    public bool HasVolatileState => throw new NotImplementedException();

    /// <summary>The effects that a restart lost: what waits for pollers and the outbox.</summary>
    public IReadOnlyList<ExecutionEffect> ReadyWork() => throw new NotImplementedException();

    /// <summary>Undelivered messages to other runs.</summary>
    public IEnumerable<OutboxEntry> Outbox => throw new NotImplementedException();

    /// <summary>Whether a start with this request id created the run or was attached to it.</summary>
    public bool HasRequestId(string requestId) => throw new NotImplementedException();

    /// <summary>Null: unknown.</summary>
    public UpdateInfo? FindUpdate(string updateId) => throw new NotImplementedException();

    /// <summary>The run as the pointer of its workflow id.</summary>
    public CurrentRun AsCurrentRun() => throw new NotImplementedException();

    public VisibilityRow VisibilityRow() => throw new NotImplementedException();

    public DescribeWorkflowExecutionResponse Describe() => throw new NotImplementedException();

    /// <summary>
    /// The start of a child from this run's START_CHILD entry and its INITIATED event; <paramref name="childRunId"/> is fresh and only used
    /// when no child with the request id <c>run:event:0</c> exists yet.
    /// </summary>
    public StartRun ChildStart(OutboxEntry entry, HistoryEvent initiated, string childRunId) => throw new NotImplementedException();

    /// <summary>The signal of a SIGNAL_EXTERNAL entry from its INITIATED event.</summary>
    public SignalExecution ExternalSignal(OutboxEntry entry, HistoryEvent initiated) => throw new NotImplementedException();

    /// <summary>The cancellation of a CANCEL_EXTERNAL entry from its INITIATED event.</summary>
    public CancelExecution ExternalCancel(OutboxEntry entry, HistoryEvent initiated) => throw new NotImplementedException();
}
