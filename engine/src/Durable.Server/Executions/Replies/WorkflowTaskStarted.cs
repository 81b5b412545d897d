using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>A task for a worker, all but its stored history.</summary>
/// <param name="Response">Complete except <c>history</c> and <c>next_page_token</c>; <c>history</c> is set and empty.</param>
/// <param name="FirstEventId">The stored events to send: from here…</param>
/// <param name="LastEventId">…to here, both included; none when it is less.</param>
/// <param name="VirtualEvents">Then these, which are stored nowhere (transient and speculative tasks).</param>
public sealed record WorkflowTaskStarted(
    PollWorkflowTaskQueueResponse Response,
    long FirstEventId,
    long LastEventId,
    IReadOnlyList<HistoryEvent> VirtualEvents) : ExecutionReply;
