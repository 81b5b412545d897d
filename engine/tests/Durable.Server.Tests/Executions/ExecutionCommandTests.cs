using Durable.Server.Executions;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Tests.Executions;

// Aim: each way in which a command can be wrong, with the genuine server's cause and words. The task fails, and nothing of the completion is kept.
public class ExecutionCommandTests
{
    private const WorkflowTaskFailedCause BadActivity = WorkflowTaskFailedCause.BadScheduleActivityAttributes;
    private const WorkflowTaskFailedCause BadChild = WorkflowTaskFailedCause.BadStartChildExecutionAttributes;
    private const WorkflowTaskFailedCause BadContinue = WorkflowTaskFailedCause.BadContinueAsNewAttributes;
    private const WorkflowTaskFailedCause BadSignal = WorkflowTaskFailedCause.BadSignalWorkflowExecutionAttributes;
    private const WorkflowTaskFailedCause BadCancel = WorkflowTaskFailedCause.BadRequestCancelExternalWorkflowExecutionAttributes;
    private static readonly string Long = new('x', 1001);

    public static TheoryData<Command, WorkflowTaskFailedCause, string> Wrong => new()
    {
        { Activity(static a => a.TaskQueue = null), BadActivity, "taskQueue is not set" },
        { Activity(static a => a.TaskQueue = new()), BadActivity, "missing task queue name" },
        { Activity(static a => a.TaskQueue.Name = Long), BadActivity, "taskQueue length exceeds limit" },
        { Activity(static a => a.TaskQueue.Name = "/_sys/x"), BadActivity, "task queue name cannot start with reserved prefix /_sys/" },
        { Activity(static a => a.ActivityId = ""), BadActivity, "activityId is not set" },
        { Activity(static a => a.ActivityType = null), BadActivity, "activityType is not set" },
        { Activity(static a => a.ActivityId = Long), BadActivity, "activityId exceeds length limit. Length=1001 Limit=1000" },
        { Activity(static a => a.ActivityType.Name = Long), BadActivity, "activityType exceeds length limit. Length=1001 Limit=1000" },
        { Activity(static a => a.RetryPolicy = new() { BackoffCoefficient = 0.5 }), BadActivity, "BackoffCoefficient cannot be less than 1 on retry policy." },
        { Activity(static a => a.Priority = new() { PriorityKey = -1 }), BadActivity, "invalid priorities: priority key can't be negative" },
        { Activity(static a => a.HeartbeatTimeout = RunDriver.Seconds(-1)), BadActivity, "invalid HeartbeatTimeout: negative duration" },
        {
            Activity(static a => a.StartToCloseTimeout = null), BadActivity,
            "a valid StartToCloseTimeout or ScheduleToCloseTimeout must be set on the activity. ActivityId=a ActivityType=activity"
        },
        { WorkerCommands.CancelActivity(0), WorkflowTaskFailedCause.BadRequestCancelActivityAttributes, "ScheduledEventId is not set on RequestCancelActivityTaskCommand." },
        { WorkerCommands.Timer("", 1), WorkflowTaskFailedCause.BadStartTimerAttributes, "TimerId is not set on StartTimerCommand." },
        { WorkerCommands.Timer(Long, 1), WorkflowTaskFailedCause.BadStartTimerAttributes, $"TimerId on StartTimerCommand exceeds length limit. TimerId={Long} Length=1001 Limit=1000" },
        { WorkerCommands.Timer("t", -1), WorkflowTaskFailedCause.BadStartTimerAttributes, "An invalid StartToFireTimeout is set on StartTimerCommand: negative duration. TimerId=t" },
        { WorkerCommands.CancelTimer(""), WorkflowTaskFailedCause.BadCancelTimerAttributes, "TimerId is not set on CancelTimerCommand." },
        {
            new() { CommandType = CommandType.RecordMarker, RecordMarkerCommandAttributes = new() },
            WorkflowTaskFailedCause.BadRecordMarkerAttributes, "MarkerName is not set on RecordMarkerCommand."
        },
        { Child(static c => c.WorkflowId = ""), BadChild, "Required field WorkflowId is not set on StartChildWorkflowExecutionCommand. WorkflowType=child Namespace=default" },
        { Child(static c => c.WorkflowType = null), BadChild, "Required field WorkflowType is not set on StartChildWorkflowExecutionCommand. WorkflowId=c Namespace=default" },
        {
            Child(static c => c.WorkflowId = Long), BadChild,
            $"WorkflowId on StartChildWorkflowExecutionCommand exceeds length limit. WorkflowId={Long} Length=1001 Limit=1000 WorkflowType=child Namespace=default"
        },
        {
            Child(static c => c.WorkflowRunTimeout = RunDriver.Seconds(-1)), BadChild,
            "Invalid WorkflowRunTimeout on StartChildWorkflowExecutionCommand: negative duration. WorkflowId=c WorkflowType=child Namespace=default"
        },
        {
            Child(static c => c.RetryPolicy = new() { MaximumAttempts = -1 }), BadChild,
            "invalid WorkflowRetryPolicy on StartChildWorkflowExecutionCommand: MaximumAttempts cannot be negative on retry policy.. WorkflowId=c WorkflowType=child Namespace=default"
        },
        {
            Child(static c => c.CronSchedule = "no cron"), BadChild,
            "invalid CronSchedule on StartChildWorkflowExecutionCommand: invalid CronSchedule.. WorkflowId=c WorkflowType=child Namespace=default"
        },
        { Child(static c => c.Namespace = "another"), BadChild, "cross namespace commands are not allowed" },
        {
            Signal(static a => a.Execution.WorkflowId = ""), BadSignal,
            "WorkflowId is not set on SignalExternalWorkflowExecutionCommand. Namespace= RunId= SignalName=signal"
        },
        { Signal(static a => a.SignalName = ""), BadSignal, "SignalName is not set on SignalExternalWorkflowExecutionCommand. WorkflowId=other Namespace= RunId=" },
        {
            Signal(static a => a.Execution.RunId = "none"), BadSignal,
            "Invalid RunId set on SignalExternalWorkflowExecutionCommand. WorkflowId=other Namespace= RunId=none SignalName=signal"
        },
        { Signal(static a => a.Namespace = "another"), BadSignal, "cross namespace commands are not allowed" },
        { WorkerCommands.CancelExternal(""), BadCancel, "WorkflowId is not set on RequestCancelExternalWorkflowExecutionCommand. Namespace= RunId=" },
        {
            new() { CommandType = CommandType.UpsertWorkflowSearchAttributes, UpsertWorkflowSearchAttributesCommandAttributes = new() { SearchAttributes = new() } },
            WorkflowTaskFailedCause.BadSearchAttributes, "IndexedFields is not set on UpsertWorkflowSearchAttributesCommand."
        },
        {
            new() { CommandType = CommandType.ModifyWorkflowProperties, ModifyWorkflowPropertiesCommandAttributes = new() { UpsertedMemo = new() } },
            WorkflowTaskFailedCause.BadModifyWorkflowPropertiesAttributes, "UpsertedMemo.Fields is not set on ModifyWorkflowPropertiesCommand."
        },
        {
            new() { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = "absent" } },
            WorkflowTaskFailedCause.BadUpdateWorkflowExecutionMessage, "ProtocolMessageCommand referenced absent message ID \"absent\""
        },
        {
            new() { CommandType = CommandType.CompleteWorkflowExecution },
            WorkflowTaskFailedCause.BadCompleteWorkflowExecutionAttributes, "CompleteWorkflowExecutionCommandAttributes is not set on CompleteWorkflowExecutionCommand."
        },
        {
            new() { CommandType = CommandType.FailWorkflowExecution, FailWorkflowExecutionCommandAttributes = new() },
            WorkflowTaskFailedCause.BadFailWorkflowExecutionAttributes, "Failure is not set on FailWorkflowExecutionCommand."
        },
        {
            new() { CommandType = CommandType.CancelWorkflowExecution },
            WorkflowTaskFailedCause.BadCancelWorkflowExecutionAttributes, "CancelWorkflowExecutionCommandAttributes is not set on CancelWorkflowExecutionCommand."
        },
        {
            Continue(static c => c.BackoffStartInterval = RunDriver.Seconds(-1)), BadContinue,
            "Invalid BackoffStartInterval on ContinueAsNewWorkflowExecutionCommand: negative duration. WorkflowType=type TaskQueue=queue"
        },
        {
            Continue(static c => c.TaskQueue = new() { Name = "/_sys/x" }), BadContinue,
            "error validating ContinueAsNewWorkflowExecutionCommand TaskQueue: task queue name cannot start with reserved prefix /_sys/. WorkflowType=type TaskQueue=/_sys/x"
        },
        {
            new() { CommandType = CommandType.ScheduleNexusOperation },
            WorkflowTaskFailedCause.FeatureDisabled, "Nexus operations disabled"
        },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Command_Wrong_FailsTheTask_AndNothingOfTheCompletionIsKept(Command command, WorkflowTaskFailedCause cause, string message)
    {
        var run = new RunDriver();
        var fault = run.Complete(run.Poll()!, WorkerCommands.Timer("kept?", 1), command).Fault.ShouldNotBeNull();
        fault.Code.ShouldBe(Durable.Protocol.RpcStatusCode.InvalidArgument);
        fault.Message.ShouldBe($"{cause}: {message}");
        fault.Details.ShouldBeEmpty();
        run.Shape.ShouldBe("WorkflowExecutionStarted WorkflowTaskScheduled WorkflowTaskStarted WorkflowTaskFailed");
        var failed = run.History[^1].WorkflowTaskFailedEventAttributes;
        (failed.Cause, failed.Failure.Message, failed.Failure.ServerFailureInfo is not null).ShouldBe((cause, $"{cause}: {message}", true));
        run.Run.NextTimerAt.ShouldBeNull();
        run.Poll()!.Attempt.ShouldBe(2);
    }

    [Fact]
    public void Child_StartedAndCancelledInOneTask_IsRefused_LaterItIsNot()
    {
        var run = new RunDriver();
        var refused = run.Complete(run.Poll()!, WorkerCommands.Child("c"), WorkerCommands.CancelExternal("c")).Fault.ShouldNotBeNull();
        refused.Message.ShouldBe("BadRequestCancelExternalWorkflowExecutionAttributes: Start and RequestCancel for child workflow is not allowed in same workflow task. WorkflowId=c RunId= Namespace=");
        run.Complete(run.Poll()!, static request => request.ForceCreateNewWorkflowTask = true);
        run.Complete(run.Poll()!, request =>
        {
            request.ForceCreateNewWorkflowTask = true;
            request.Commands.Add(WorkerCommands.Child("c"));
        });
        run.Complete(run.Poll()!, WorkerCommands.CancelExternal("c")).Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData(0, 0, 100, 10)]
    [InlineData(7, 0, 7, 7)]
    [InlineData(500, 20, 100, 20)]
    public void ContinueAsNew_TimeoutsAreWithinTheExecutions(double runSeconds, double taskSeconds, double expectedRun, double expectedTask)
    {
        var run = new RunDriver(configure: static attributes => attributes.WorkflowExecutionTimeout = RunDriver.Seconds(100));
        run.Complete(run.Poll()!, Continue(attributes =>
        {
            attributes.WorkflowRunTimeout = runSeconds > 0 ? RunDriver.Seconds(runSeconds) : null;
            attributes.WorkflowTaskTimeout = taskSeconds > 0 ? RunDriver.Seconds(taskSeconds) : null;
        }));
        var next = run.Effects.OfType<NextRun>().ShouldHaveSingleItem().Start.Attributes;
        (next.WorkflowRunTimeout, next.WorkflowTaskTimeout).ShouldBe((RunDriver.Seconds(expectedRun), RunDriver.Seconds(expectedTask)));
    }

    private static Command Activity(Action<ScheduleActivityTaskCommandAttributes> spoil) => WorkerCommands.Activity("a", spoil);

    private static Command Child(Action<StartChildWorkflowExecutionCommandAttributes> spoil)
    {
        var command = WorkerCommands.Child("c");
        spoil(command.StartChildWorkflowExecutionCommandAttributes);
        return command;
    }

    private static Command Signal(Action<SignalExternalWorkflowExecutionCommandAttributes> spoil)
    {
        var command = WorkerCommands.SignalExternal("other");
        spoil(command.SignalExternalWorkflowExecutionCommandAttributes);
        return command;
    }

    private static Command Continue(Action<ContinueAsNewWorkflowExecutionCommandAttributes> spoil)
    {
        var command = WorkerCommands.ContinueAsNew();
        spoil(command.ContinueAsNewWorkflowExecutionCommandAttributes);
        return command;
    }
}
