using Durable.Server.Executions;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Execution = Durable.Server.Executions.Execution;

namespace Durable.Server.Tests.Executions;

/// <summary>One run with its stored history, a clock and its queues; stands in for the shell.</summary>
internal sealed class RunDriver
{
    public const string Queue = "queue";
    public const string Sticky = "sticky";

    private readonly RunContext context;

    public RunDriver(ExecutionLimits? limits = null, int seed = 1, Action<WorkflowExecutionStartedEventAttributes>? configure = null, bool hold = false)
    {
        context = new RunContext(new SeededIds(seed), limits ?? new ExecutionLimits(), static (_, _) => null, static name => name);
        var runId = context.Ids.NewRunId();
        var attributes = new WorkflowExecutionStartedEventAttributes
        {
            WorkflowType = new WorkflowType { Name = "type" },
            TaskQueue = new TaskQueue { Name = Queue, Kind = TaskQueueKind.Normal },
            WorkflowTaskTimeout = Seconds(10),
            OriginalExecutionRunId = runId,
            FirstExecutionRunId = runId,
            Attempt = 1,
            FirstWorkflowTaskBackoff = Seconds(0),
            WorkflowId = "workflow",
        };
        configure?.Invoke(attributes);
        Run = Execution.Start(
            new StartRun { Namespace = "default", WorkflowId = "workflow", RunId = runId, RequestId = "create", Attributes = attributes, HoldFirstTask = hold },
            context,
            Now);
        Take();
    }

    public Execution Run { get; private set; }

    public DateTimeOffset Now { get; private set; } = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    public List<HistoryEvent> History { get; } = [];

    /// <summary>Effects of all decisions, oldest first.</summary>
    public List<Effect> Effects { get; } = [];

    public WorkflowTaskReady? TaskReady { get; private set; }

    public List<ActivityReady> ActivitiesReady { get; } = [];

    public string Shape => string.Join(' ', History.Select(static e => e.EventType.ToString()));

    public static Duration Seconds(double seconds) => TimeSpan.FromSeconds(seconds).ToDuration();

    /// <summary>Commits what happened, and checks what every commit must satisfy.</summary>
    public void Take()
    {
        var decision = Run.TakeDecision(Now);
        foreach (var e in decision.Events)
        {
            e.EventId.ShouldBe(History.Count + 1);
            History.Add(e.Clone());
        }
        Effects.AddRange(decision.Effects);
        foreach (var effect in decision.Effects)
        {
            switch (effect)
            {
                case WorkflowTaskReady ready:
                    TaskReady = ready;
                    break;
                case ActivityReady ready:
                    ActivitiesReady.Add(ready);
                    break;
            }
        }
        var stored = Run.ToState();
        Execution.Restore(RunState.Parser.ParseFrom(stored), context).ToState().ShouldBe(stored);
    }

    /// <summary>The process dies and another one takes over: what was in memory only is gone.</summary>
    public void Crash()
    {
        Run = Execution.Restore(RunState.Parser.ParseFrom(Run.ToState()), context);
        TaskReady = null;
        ActivitiesReady.Clear();
        foreach (var effect in Run.ReadyEffects(Now))
        {
            switch (effect)
            {
                case WorkflowTaskReady ready:
                    TaskReady = ready;
                    break;
                case ActivityReady ready:
                    ActivitiesReady.Add(ready);
                    break;
            }
        }
        Take();
    }

    /// <summary>The run gives way to one that begins again before <paramref name="finish"/>; the driver goes on with that one.</summary>
    public void Reset(long finish, Func<ResetRun, ResetRun>? configure = null)
    {
        var reset = new ResetRun
        {
            Namespace = "default", WorkflowId = "workflow", BaseRunId = Run.RunId, NewRunId = context.Ids.NewUuid(), RequestId = "reset", Reason = "why",
            WorkflowTaskFinishEventId = finish, History = [.. History], Buffered = Run.BufferedEvents,
        };
        Run = Execution.Reset(configure?.Invoke(reset) ?? reset, context, Now);
        History.Clear();
        TaskReady = null;
        ActivitiesReady.Clear();
        Take();
    }

    public void Advance(double seconds)
    {
        Now += TimeSpan.FromSeconds(seconds);
        Run.FireDueTimers(Now);
        Take();
    }

    public void AdvanceToNextTimer()
    {
        if (Run.NextTimerAt is { } next)
        {
            Now = next > Now ? next : Now;
            Run.FireDueTimers(Now);
            Take();
        }
    }

    /// <summary>A worker takes the task that is ready; null when there is none.</summary>
    public WorkflowTaskStart? Poll()
    {
        if (TaskReady is not { } ready)
        {
            return null;
        }
        TaskReady = null;
        var start = Run.StartWorkflowTask(ready.Stamp, "worker", ready.Sticky, Now);
        Take();
        return start;
    }

    public TaskCompletion Complete(WorkflowTaskStart task, params Command[] commands) => Complete(task, request => request.Commands.Add(commands));

    public TaskCompletion Complete(WorkflowTaskStart task, Action<RespondWorkflowTaskCompletedRequest> fill)
    {
        var request = new RespondWorkflowTaskCompletedRequest
        {
            Identity = "worker",
            Capabilities = new() { DiscardSpeculativeWorkflowTaskWithEvents = true },
            StickyAttributes = new() { WorkerTaskQueue = new() { Name = Sticky, Kind = TaskQueueKind.Sticky, NormalName = Queue }, ScheduleToStartTimeout = Seconds(10) },
        };
        fill(request);
        var completion = Run.CompleteWorkflowTask(task.Token, request, Now);
        Take();
        return completion;
    }

    public void Fail(WorkflowTaskStart task)
    {
        Run.FailWorkflowTask(task.Token, new RespondWorkflowTaskFailedRequest { Cause = WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure, Identity = "worker" }, Now);
        Take();
    }

    public void Do(Action<Execution, DateTimeOffset> command)
    {
        command(Run, Now);
        Take();
    }

    public void Signal(string name = "signal", string requestId = "") =>
        Do((run, now) => run.Signal(name, null, null, "client", requestId, now));

    public void Admit(string updateId) => Do((run, now) => run.AdmitUpdate(Update(updateId), now));

    public ActivityStart? StartActivity()
    {
        if (ActivitiesReady.Count == 0)
        {
            return null;
        }
        var ready = ActivitiesReady[0];
        ActivitiesReady.RemoveAt(0);
        var start = Run.StartActivity(ready.Activity, "worker", Now);
        Take();
        return start;
    }

    public static Request Update(string updateId) => new() { Meta = new Meta { UpdateId = updateId, Identity = "client" }, Input = new Input { Name = "update" } };

    private sealed class SeededIds(int seed) : IIdSource
    {
        private readonly Random random = new(seed);

        public string NewRunId() => NewUuid();

        public string NewUuid()
        {
            Span<byte> bytes = stackalloc byte[16];
            random.NextBytes(bytes);
            return new Guid(bytes).ToString();
        }
    }
}
