using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>An activity attempt for a worker.</summary>
/// <param name="Response">Complete except input and header when <paramref name="ScheduledEventToRead"/> is set.</param>
/// <param name="ScheduledEventToRead">Not 0: read that event and call <see cref="Fill"/>.</param>
public sealed record ActivityTaskStarted(PollActivityTaskQueueResponse Response, long ScheduledEventToRead) : ExecutionReply
{
    public void Fill(HistoryEvent scheduled)
    {
        var attributes = scheduled.ActivityTaskScheduledEventAttributes
            ?? throw new InvalidOperationException($"Bug: event {scheduled.EventId} is {scheduled.EventType}, not ACTIVITY_TASK_SCHEDULED");
        Response.Input = attributes.Input;
        Response.Header = attributes.Header;
    }
}
