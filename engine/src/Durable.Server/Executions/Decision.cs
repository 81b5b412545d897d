using Durable.Protocol;
using Temporalio.Api.History.V1;
using Temporalio.Api.Query.V1;

namespace Durable.Server.Executions;

/// <summary>What one command did to a run: to be stored in one transaction, and what to do after that.</summary>
/// <param name="Events">New events, one history batch; may be empty.</param>
/// <param name="Changed">Something durable changed, with or without events.</param>
/// <param name="Effects">Released by the shell after the commit, in order, never before.</param>
public sealed record Decision(IReadOnlyList<HistoryEvent> Events, bool Changed, IReadOnlyList<Effect> Effects);

/// <summary>Something that the shell does once a decision is durable.</summary>
public abstract record Effect;

/// <param name="Stamp">Names this scheduling: a queue entry with another stamp is stale.</param>
public sealed record WorkflowTaskReady(string TaskQueue, bool Sticky, int Stamp) : Effect;

public sealed record ActivityReady(ActivityDispatch Activity, string TaskQueue, int Priority) : Effect;

/// <summary>One turn of an attempt in the queues: an entry that names another one is void.</summary>
public readonly record struct ActivityDispatch(long ScheduledEventId, int Attempt, int Stamp);

/// <summary>A query that goes to a worker as a task of its own.</summary>
public sealed record QueryReady(string QueryId, string TaskQueue, bool Sticky) : Effect;

/// <summary>The update reached another stage: those who wait for it look again.</summary>
public sealed record UpdateChanged(string UpdateId) : Effect;

/// <summary>The update will never be answered by this run.</summary>
public sealed record UpdateAborted(string UpdateId, RpcFaultException Fault) : Effect;

/// <summary>A buffered query was answered (<paramref name="Result"/>) or can no longer be (<paramref name="Fault"/>).</summary>
public sealed record QueryAnswered(string QueryId, WorkflowQueryResult? Result, RpcFaultException? Fault) : Effect;

/// <summary>A run that was made already (reset) takes this one's place, to be stored in the same transaction.</summary>
public sealed record ReplacedBy(Execution Run) : Effect;

/// <summary>A run that follows this one, to be created in the same transaction.</summary>
public sealed record NextRun(StartRun Start) : Effect;
