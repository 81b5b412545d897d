using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <param name="NextTask">Started in the same decision because the worker asked for it; partial like a sticky task.</param>
/// <param name="ActivityTasks">Eager activities, complete.</param>
public sealed record WorkflowTaskCompleted(
    WorkflowTaskStarted? NextTask,
    IReadOnlyList<PollActivityTaskQueueResponse> ActivityTasks,
    long ResetHistoryEventId) : ExecutionReply;
