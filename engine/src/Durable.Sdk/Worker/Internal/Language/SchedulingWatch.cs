using System.Diagnostics.Tracing;
using Temporalio.Exceptions;

namespace Temporalio.Worker.Internal.Language;

/// <summary>
/// Listens to the runtime's events about tasks and threads, and fails an activation whose code leaves the workflow's scheduler, at the
/// call that does it.
/// </summary>
internal sealed class SchedulingWatch : EventListener
{
    private const string TaskSource = "System.Threading.Tasks.TplEventSource";
    private const string FrameworkSource = "System.Diagnostics.Eventing.FrameworkEventSource";
    private const EventKeywords TaskKeywords = (EventKeywords)2;
    private const EventKeywords ThreadTransferKeywords = (EventKeywords)0x10;
    private const EventTask ThreadTransfer = (EventTask)3;

    // TaskScheduled to TaskWaitBegin: the events whose first value is the scheduler's id.
    private const int FirstTaskEvent = 7;
    private const int LastTaskEvent = 11;

    private static readonly Lazy<SchedulingWatch> Lazy = new(static () => new SchedulingWatch());

    private readonly Lock sync = new();
    private EventSource? tasks;
    private EventSource? framework;
    private int users;

    private SchedulingWatch()
    {
    }

    public static SchedulingWatch Instance => Lazy.Value;

    /// <summary>Listens while at least one worker runs.</summary>
    public void Register()
    {
        lock (sync)
        {
            if (users++ == 0)
            {
                Enable(tasks, TaskKeywords);
                Enable(framework, ThreadTransferKeywords);
            }
        }
    }

    public void Unregister()
    {
        lock (sync)
        {
            if (--users == 0)
            {
                Disable(tasks);
                Disable(framework);
            }
        }
    }

    protected override void OnEventSourceCreated(EventSource eventSource)
    {
        // Called by the base constructor for sources that exist already, before the fields of this class are set.
        if (eventSource.Name is not (TaskSource or FrameworkSource))
        {
            return;
        }
        if (eventSource.Name == TaskSource)
        {
            tasks = eventSource;
        }
        else
        {
            framework = eventSource;
        }
        if (users > 0)
        {
            Enable(eventSource, eventSource == tasks ? TaskKeywords : ThreadTransferKeywords);
        }
    }

    protected override void OnEventWritten(EventWrittenEventArgs eventData)
    {
        // Every task of the process comes through here, so this test is the cheapest one there is.
        if (TaskScheduler.Current is not WorkflowInstance { WatchesScheduling: true } workflow)
        {
            return;
        }
        if (ReferenceEquals(eventData.EventSource, tasks))
        {
            if (eventData.EventId is >= FirstTaskEvent and <= LastTaskEvent && eventData.Payload?[0] is int scheduler && scheduler != workflow.Id)
            {
                workflow.FailActivation(new InvalidWorkflowSchedulerException(
                    "Task during workflow run was not scheduled on workflow scheduler. " +
                    "Use Workflow.RunTaskAsync instead of Task.Run, and Workflow.WhenAnyAsync and Workflow.WhenAllAsync instead of those of Task.",
                    Environment.StackTrace));
            }
        }
        else if (eventData.Task == ThreadTransfer)
        {
            workflow.FailActivation(new InvalidWorkflowSchedulerException(
                "Workflow attempted to perform a thread transfer task which is non-deterministic. " +
                "This can be caused by timers or other non-deterministic async calls. " +
                "Use Workflow.DelayAsync instead of Task.Delay, and do what waits for anything outside in an activity.",
                Environment.StackTrace));
        }
    }

    private void Enable(EventSource? source, EventKeywords keywords)
    {
        if (source is not null)
        {
            EnableEvents(source, EventLevel.Informational, keywords);
        }
    }

    private void Disable(EventSource? source)
    {
        if (source is not null)
        {
            DisableEvents(source);
        }
    }
}
