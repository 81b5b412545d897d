using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Converters;
using Temporalio.Runtime;
using Temporalio.Worker;
using Temporalio.Worker.Internal.Core;
using Temporalio.Worker.Internal.Language;
using Temporalio.Worker.Internal.Runs;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

/// <summary>
/// One run of a workflow with a history kept by the test: the smallest server that a run can be worked on with. The test chooses what
/// happens next, and when the worker forgets the run.
/// </summary>
internal sealed class SimulatedRun
{
    private const string RunId = "11111111-2222-3333-4444-555555555555";

    private readonly WorkflowRunEnvironment environment;
    private readonly List<HistoryEvent> history = [];
    private readonly List<HistoryEvent> arrived = [];
    private readonly Dictionary<string, long> timers = [];
    private readonly List<long> activities = [];
    private readonly List<(long Initiated, string Id)> childStarts = [];
    private readonly List<(long Initiated, string Id)> children = [];
    private readonly List<long> childSignals = [];
    private readonly List<Request> updates = [];
    private readonly Dictionary<string, Request> asked = [];
    private readonly Dictionary<string, long> accepted = [];
    private WorkflowRun? run;
    private long previousStarted;
    private long started;
    private int second;

    public SimulatedRun(System.Type workflow, params object?[] args)
    {
        var definition = WorkflowDefinition.Create(workflow);
        environment = new WorkflowRunEnvironment(
            new WorkflowEnvironmentInfo
            {
                Namespace = "default",
                TaskQueue = "simulated",
                DataConverter = DataConverter.Default,
                Interceptors = [],
                LoggerFactory = NullLoggerFactory.Instance,
                MetricMeter = TemporalRuntime.Default.MetricMeter,
                FailureExceptionTypes = [],
                StackTrace = WorkflowStackTrace.None,
                DisableEagerActivities = false,
                WatchesScheduling = false,
            },
            [definition],
            TimeProvider.System);
        Add(history, new HistoryEvent
        {
            EventType = EventType.WorkflowExecutionStarted,
            WorkflowExecutionStartedEventAttributes = new()
            {
                WorkflowType = new() { Name = definition.Name },
                WorkflowId = "simulated",
                TaskQueue = new() { Name = "simulated" },
                OriginalExecutionRunId = RunId,
                FirstExecutionRunId = RunId,
                Attempt = 1,
                WorkflowTaskTimeout = Duration.FromTimeSpan(TimeSpan.FromSeconds(10)),
                Input = args.Length == 0 ? null : new Payloads { Payloads_ = { args.Select(DataConverter.Default.PayloadConverter.ToPayload) } },
            },
        });
    }

    public bool IsClosed { get; private set; }

    public Payload? Result { get; private set; }

    public Temporalio.Api.Failure.V1.Failure? Failure { get; private set; }

    public int PendingActivities => activities.Count;

    public int PendingTimers => timers.Count;

    public int PendingChildStarts => childStarts.Count;

    public int PendingChildren => children.Count;

    public int PendingChildSignals => childSignals.Count;

    /// <summary>Ids of updates with what became of them, in that order.</summary>
    public List<string> UpdateOutcomes { get; } = [];

    public IReadOnlyList<HistoryEvent> History => history;

    /// <summary>The worker forgets the run: the next task replays it.</summary>
    public void Evict() => run = null;

    public void Signal(string name, params object?[] args) => Add(arrived, new HistoryEvent
    {
        EventType = EventType.WorkflowExecutionSignaled,
        WorkflowExecutionSignaledEventAttributes = new()
        {
            SignalName = name,
            Input = new Payloads { Payloads_ = { args.Select(DataConverter.Default.PayloadConverter.ToPayload) } },
        },
    });

    /// <summary>Comes with the next task, as a message.</summary>
    public void Update(string id, string name, params object?[] args) => updates.Add(new Request
    {
        Meta = new() { UpdateId = id, Identity = "test" },
        Input = new() { Name = name, Args = new Payloads { Payloads_ = { args.Select(DataConverter.Default.PayloadConverter.ToPayload) } } },
    });

    public void StartChild(int index)
    {
        var child = childStarts[index];
        childStarts.RemoveAt(index);
        children.Add(child);
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.ChildWorkflowExecutionStarted,
            ChildWorkflowExecutionStartedEventAttributes = new()
            {
                InitiatedEventId = child.Initiated,
                WorkflowExecution = new() { WorkflowId = child.Id, RunId = $"run of {child.Id}" },
                WorkflowType = new() { Name = "child" },
            },
        });
    }

    public void CompleteChild(int index)
    {
        var child = children[index];
        children.RemoveAt(index);
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.ChildWorkflowExecutionCompleted,
            ChildWorkflowExecutionCompletedEventAttributes = new()
            {
                InitiatedEventId = child.Initiated,
                WorkflowExecution = new() { WorkflowId = child.Id, RunId = $"run of {child.Id}" },
                WorkflowType = new() { Name = "child" },
                Result = new Payloads { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload($"child {child.Id}") } },
            },
        });
    }

    public void DeliverChildSignal(int index)
    {
        var initiated = childSignals[index];
        childSignals.RemoveAt(index);
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.ExternalWorkflowExecutionSignaled,
            ExternalWorkflowExecutionSignaledEventAttributes = new() { InitiatedEventId = initiated },
        });
    }

    public void RequestCancel() => Add(arrived, new HistoryEvent
    {
        EventType = EventType.WorkflowExecutionCancelRequested,
        WorkflowExecutionCancelRequestedEventAttributes = new(),
    });

    /// <summary>Ends the n-th pending activity with the text of its scheduled event's id.</summary>
    public void CompleteActivity(int index)
    {
        var scheduled = activities[index];
        activities.RemoveAt(index);
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.ActivityTaskStarted,
            ActivityTaskStartedEventAttributes = new() { ScheduledEventId = scheduled, Attempt = 1 },
        });
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.ActivityTaskCompleted,
            ActivityTaskCompletedEventAttributes = new()
            {
                ScheduledEventId = scheduled,
                Result = new Payloads { Payloads_ = { DataConverter.Default.PayloadConverter.ToPayload($"activity {scheduled}") } },
            },
        });
    }

    public void FireTimer(int index)
    {
        var (id, startedEventId) = timers.ElementAt(index);
        timers.Remove(id);
        Add(arrived, new HistoryEvent
        {
            EventType = EventType.TimerFired,
            TimerFiredEventAttributes = new() { TimerId = id, StartedEventId = startedEventId },
        });
    }

    /// <summary>Gives the worker a task with everything that has arrived, and writes down what it answers.</summary>
    /// <exception cref="InvalidOperationException">The worker failed the task.</exception>
    public async Task WorkAsync()
    {
        var from = history.Count == 1 ? 0 : (int)started;
        Flush();
        Add(history, new HistoryEvent { EventType = EventType.WorkflowTaskScheduled, WorkflowTaskScheduledEventAttributes = new() { Attempt = 1 } });
        second++;
        Add(history, new HistoryEvent
        {
            EventType = EventType.WorkflowTaskStarted,
            WorkflowTaskStartedEventAttributes = new() { ScheduledEventId = history.Count },
        });
        started = history.Count;
        var events = run is null ? history : history.Skip(from).ToList();
        run ??= new WorkflowRun(environment, "simulated", RunId);
        run.Machines.Deliver(events, previousStarted, [.. updates.Select(MessageOf)]);
        updates.Clear();
        if ((await run.AdvanceAsync() ?? await RunLocalActivitiesAsync(run)) is { } failure)
        {
            throw new InvalidOperationException("The workflow task failed", failure);
        }
        previousStarted = started;
        Add(history, new HistoryEvent
        {
            EventType = EventType.WorkflowTaskCompleted,
            WorkflowTaskCompletedEventAttributes = new()
            {
                ScheduledEventId = started - 1,
                StartedEventId = started,
                SdkMetadata = run.Machines.Flags.TakeNews("temporal-dotnet", "1.14.1.0"),
            },
        });
        var messages = run.Machines.TakeMessages().ToDictionary(static message => message.Message.Id);
        foreach (var command in run.Machines.PreparedCommands)
        {
            if (command.CommandType == CommandType.ProtocolMessage)
            {
                Write(messages[command.ProtocolMessageCommandAttributes.MessageId]);
            }
            else
            {
                Write(command);
            }
        }
        foreach (var rejection in messages.Values.Select(static message => message.Body).OfType<Rejection>())
        {
            UpdateOutcomes.Add($"{rejection.RejectedRequest.Meta.UpdateId} rejected: {rejection.Failure.Message}");
        }
    }

    private Message MessageOf(Request request)
    {
        asked[request.Meta.UpdateId] = request;
        return new Message { Id = $"{request.Meta.UpdateId}/request", ProtocolInstanceId = request.Meta.UpdateId, EventId = started - 1, Body = Any.Pack(request) };
    }

    // In every second task the last that was asked for is the first to end.
    private async Task<Exception?> RunLocalActivitiesAsync(WorkflowRun run)
    {
        var queue = run.Machines.LocalActivities;
        while (queue.TakeToStart() is { Count: > 0 } requests)
        {
            foreach (var request in second % 2 == 0 ? requests : requests.Reverse())
            {
                queue.Ended(request.Seq);
                run.Machines.LocalActivityMachines[request.Seq].End(
                    new LocalActivityOutcome
                    {
                        Kind = LocalActivityOutcomeKind.Completed,
                        Result = DataConverter.Default.PayloadConverter.ToPayload($"local {request.Seq}"),
                        Attempt = 1,
                        OriginalScheduleTime = DateTime.UnixEpoch,
                        IsPlain = true,
                    },
                    TimeSpan.FromMilliseconds(7));
            }
            if (await run.ActivateWhilePendingAsync() is { } failure)
            {
                return failure;
            }
        }
        return null;
    }

    private void Flush()
    {
        foreach (var waiting in arrived)
        {
            Add(history, waiting);
        }
        arrived.Clear();
    }

    private void Add(List<HistoryEvent> list, HistoryEvent historyEvent)
    {
        historyEvent.EventId = list.Count + 1;
        historyEvent.EventTime = Timestamp.FromDateTime(new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddSeconds(second));
        list.Add(historyEvent);
    }

    private void Write(OutgoingMessage message)
    {
        var id = message.Message.ProtocolInstanceId;
        switch (message.Body)
        {
            case Acceptance acceptance:
                accepted[id] = history.Count + 1;
                Add(history, new HistoryEvent
                {
                    EventType = EventType.WorkflowExecutionUpdateAccepted,
                    WorkflowExecutionUpdateAcceptedEventAttributes = new()
                    {
                        ProtocolInstanceId = id,
                        AcceptedRequestMessageId = acceptance.AcceptedRequestMessageId,
                        AcceptedRequestSequencingEventId = acceptance.AcceptedRequestSequencingEventId,
                        AcceptedRequest = asked[id],
                    },
                });
                break;
            case Response response:
                Add(history, new HistoryEvent
                {
                    EventType = EventType.WorkflowExecutionUpdateCompleted,
                    WorkflowExecutionUpdateCompletedEventAttributes = new() { Meta = response.Meta, Outcome = response.Outcome, AcceptedEventId = accepted[id] },
                });
                UpdateOutcomes.Add($"{id}: {response.Outcome.Success.Payloads_[0].Data.ToStringUtf8()}");
                break;
            default:
                throw new InvalidOperationException($"The simulated server does not know {message.Body}");
        }
    }

    private void Write(Command command)
    {
        var historyEvent = new HistoryEvent { UserMetadata = command.UserMetadata };
        switch (command.CommandType)
        {
            case CommandType.StartTimer:
                historyEvent.EventType = EventType.TimerStarted;
                historyEvent.TimerStartedEventAttributes = new() { TimerId = command.StartTimerCommandAttributes.TimerId };
                timers[command.StartTimerCommandAttributes.TimerId] = history.Count + 1;
                break;
            case CommandType.CancelTimer:
                historyEvent.EventType = EventType.TimerCanceled;
                timers.Remove(command.CancelTimerCommandAttributes.TimerId, out var timerStarted);
                historyEvent.TimerCanceledEventAttributes = new() { TimerId = command.CancelTimerCommandAttributes.TimerId, StartedEventId = timerStarted };
                break;
            case CommandType.ScheduleActivityTask:
                historyEvent.EventType = EventType.ActivityTaskScheduled;
                historyEvent.ActivityTaskScheduledEventAttributes = new()
                {
                    ActivityId = command.ScheduleActivityTaskCommandAttributes.ActivityId,
                    ActivityType = command.ScheduleActivityTaskCommandAttributes.ActivityType,
                };
                activities.Add(history.Count + 1);
                break;
            case CommandType.RequestCancelActivityTask:
                historyEvent.EventType = EventType.ActivityTaskCancelRequested;
                historyEvent.ActivityTaskCancelRequestedEventAttributes = new()
                {
                    ScheduledEventId = command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId,
                };
                if (activities.Remove(command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId))
                {
                    Add(arrived, new HistoryEvent
                    {
                        EventType = EventType.ActivityTaskCanceled,
                        ActivityTaskCanceledEventAttributes = new() { ScheduledEventId = command.RequestCancelActivityTaskCommandAttributes.ScheduledEventId },
                    });
                }
                break;
            case CommandType.RecordMarker:
                historyEvent.EventType = EventType.MarkerRecorded;
                historyEvent.MarkerRecordedEventAttributes = new() { MarkerName = command.RecordMarkerCommandAttributes.MarkerName };
                historyEvent.MarkerRecordedEventAttributes.Details.Add(command.RecordMarkerCommandAttributes.Details);
                break;
            case CommandType.UpsertWorkflowSearchAttributes:
                historyEvent.EventType = EventType.UpsertWorkflowSearchAttributes;
                historyEvent.UpsertWorkflowSearchAttributesEventAttributes = new()
                {
                    SearchAttributes = command.UpsertWorkflowSearchAttributesCommandAttributes.SearchAttributes,
                };
                break;
            case CommandType.StartChildWorkflowExecution:
                var child = command.StartChildWorkflowExecutionCommandAttributes;
                historyEvent.EventType = EventType.StartChildWorkflowExecutionInitiated;
                historyEvent.StartChildWorkflowExecutionInitiatedEventAttributes = new() { WorkflowId = child.WorkflowId, WorkflowType = child.WorkflowType };
                childStarts.Add((history.Count + 1, child.WorkflowId));
                break;
            case CommandType.SignalExternalWorkflowExecution:
                historyEvent.EventType = EventType.SignalExternalWorkflowExecutionInitiated;
                historyEvent.SignalExternalWorkflowExecutionInitiatedEventAttributes = new()
                {
                    WorkflowExecution = command.SignalExternalWorkflowExecutionCommandAttributes.Execution,
                    SignalName = command.SignalExternalWorkflowExecutionCommandAttributes.SignalName,
                };
                childSignals.Add(history.Count + 1);
                break;
            case CommandType.CompleteWorkflowExecution:
                historyEvent.EventType = EventType.WorkflowExecutionCompleted;
                historyEvent.WorkflowExecutionCompletedEventAttributes = new();
                Result = command.CompleteWorkflowExecutionCommandAttributes.Result.Payloads_[0];
                IsClosed = true;
                break;
            case CommandType.FailWorkflowExecution:
                historyEvent.EventType = EventType.WorkflowExecutionFailed;
                historyEvent.WorkflowExecutionFailedEventAttributes = new();
                Failure = command.FailWorkflowExecutionCommandAttributes.Failure;
                IsClosed = true;
                break;
            case CommandType.CancelWorkflowExecution:
                historyEvent.EventType = EventType.WorkflowExecutionCanceled;
                historyEvent.WorkflowExecutionCanceledEventAttributes = new();
                IsClosed = true;
                break;
            default:
                throw new InvalidOperationException($"The simulated server does not know {command.CommandType}");
        }
        Add(history, historyEvent);
    }
}
