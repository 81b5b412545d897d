using Durable.Server.Executions;
using Durable.Server.Schedules;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Schedule.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Schedules;

/// <summary>One schedule with a clock, and the workflows that it started; stands in for the shell.</summary>
internal sealed class ScheduleDriver
{
    private int runs;

    public ScheduleDriver(ScheduleOverlapPolicy policy = ScheduleOverlapPolicy.Unspecified, Action<CreateScheduleRequest>? configure = null)
    {
        var request = new CreateScheduleRequest
        {
            Namespace = "default",
            ScheduleId = "schedule",
            RequestId = "create",
            Schedule = new Schedule
            {
                Spec = new ScheduleSpec { Interval = { new IntervalSpec { Interval = TimeSpan.FromMinutes(1).ToDuration() } } },
                Action = new ScheduleAction
                {
                    StartWorkflow = new()
                    {
                        WorkflowId = "workflow",
                        WorkflowType = new WorkflowType { Name = "type" },
                        TaskQueue = new TaskQueue { Name = "queue" },
                    },
                },
                Policies = new SchedulePolicies { OverlapPolicy = policy },
            },
        };
        configure?.Invoke(request);
        Scheduler = Scheduler.Create(request, RunContext.Default, Now);
        Work();
    }

    public Scheduler Scheduler { get; private set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 1, 0, 0, 30, TimeSpan.Zero);

    /// <summary>What was started, oldest first.</summary>
    public List<StartWorkflowExecutionRequest> Starts { get; } = [];

    /// <summary>Workflows that were asked to end: first run and whether they were terminated.</summary>
    public List<(string RunId, bool Terminated)> Ends { get; } = [];

    /// <summary>Starts that are refused from now on.</summary>
    public bool RefuseStarts { get; set; }

    public ScheduleInfo Info => Scheduler.Describe(Now).Info;

    public Schedule Schedule => Scheduler.Describe(Now).Schedule;

    /// <summary>Goes on minute by minute, as the shell's timers do.</summary>
    public void Minutes(int count)
    {
        for (var i = 0; i < count; i++)
        {
            Skip(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>Time during which the server is down.</summary>
    public void Skip(TimeSpan time)
    {
        Now += time;
        Do(static (scheduler, now) => scheduler.Advance(now));
    }

    public void Do(Action<Scheduler, DateTimeOffset> command)
    {
        command(Scheduler, Now);
        Work();
    }

    public void Patch(SchedulePatch patch, string requestId = "") => Do((scheduler, now) => scheduler.Patch(patch, requestId, now));

    public void Trigger(ScheduleOverlapPolicy policy = ScheduleOverlapPolicy.Unspecified) =>
        Patch(new SchedulePatch { TriggerImmediately = new TriggerImmediatelyRequest { OverlapPolicy = policy } });

    public void Close(string runId, HistoryEvent? close = null) =>
        Do((scheduler, now) => scheduler.Closed(runId, close ?? new HistoryEvent { EventType = EventType.WorkflowExecutionCompleted, WorkflowExecutionCompletedEventAttributes = new() }, now));

    public static HistoryEvent Failed(string message) => new()
    {
        EventType = EventType.WorkflowExecutionFailed,
        WorkflowExecutionFailedEventAttributes = new() { Failure = new() { Message = message } },
    };

    // What is stored is all there is: the object is made anew before each step.
    private void Work()
    {
        while (true)
        {
            Scheduler = Scheduler.Restore(Scheduler.ToState(), RunContext.Default);
            switch (Scheduler.NextStep)
            {
                case StartStep start when RefuseStarts:
                    Scheduler.StartFailed(start.RequestId);
                    break;
                case StartStep start:
                    Starts.Add(start.Request);
                    Scheduler.Started(start.RequestId, $"run-{++runs}", Now);
                    break;
                case EndStep end:
                    Ends.Add((end.Execution.RunId, end.Terminate));
                    Scheduler.EndDelivered(end.Execution.RunId);
                    break;
                default:
                    if (Scheduler.NextDueAt is not { } due || due > Now)
                    {
                        return;
                    }
                    Scheduler.Advance(Now);
                    break;
            }
        }
    }
}
