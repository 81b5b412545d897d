using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Command.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.Protocol.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Tests.Executions;

/// <summary>Commands and messages as a worker sends them.</summary>
internal static class WorkerCommands
{
    public static Command Timer(string id, double seconds) => new()
    {
        CommandType = CommandType.StartTimer,
        StartTimerCommandAttributes = new() { TimerId = id, StartToFireTimeout = RunDriver.Seconds(seconds) },
    };

    public static Command CancelTimer(string id) => new() { CommandType = CommandType.CancelTimer, CancelTimerCommandAttributes = new() { TimerId = id } };

    public static Command Activity(string id, Action<ScheduleActivityTaskCommandAttributes>? configure = null)
    {
        var attributes = new ScheduleActivityTaskCommandAttributes
        {
            ActivityId = id,
            ActivityType = new ActivityType { Name = "activity" },
            TaskQueue = new() { Name = RunDriver.Queue },
            StartToCloseTimeout = RunDriver.Seconds(10),
        };
        configure?.Invoke(attributes);
        return new() { CommandType = CommandType.ScheduleActivityTask, ScheduleActivityTaskCommandAttributes = attributes };
    }

    public static Command CancelActivity(long scheduledEventId) => new()
    {
        CommandType = CommandType.RequestCancelActivityTask,
        RequestCancelActivityTaskCommandAttributes = new() { ScheduledEventId = scheduledEventId },
    };

    public static Command Child(string workflowId, ParentClosePolicy policy = ParentClosePolicy.Unspecified) => new()
    {
        CommandType = CommandType.StartChildWorkflowExecution,
        StartChildWorkflowExecutionCommandAttributes = new() { WorkflowId = workflowId, WorkflowType = new() { Name = "child" }, ParentClosePolicy = policy },
    };

    public static Command SignalExternal(string workflowId) => new()
    {
        CommandType = CommandType.SignalExternalWorkflowExecution,
        SignalExternalWorkflowExecutionCommandAttributes = new() { Execution = new() { WorkflowId = workflowId }, SignalName = "signal" },
    };

    public static Command CancelExternal(string workflowId) => new()
    {
        CommandType = CommandType.RequestCancelExternalWorkflowExecution,
        RequestCancelExternalWorkflowExecutionCommandAttributes = new() { WorkflowId = workflowId },
    };

    public static Command Complete() => new() { CommandType = CommandType.CompleteWorkflowExecution, CompleteWorkflowExecutionCommandAttributes = new() };

    public static Command Fail(string type = "Broken") => new()
    {
        CommandType = CommandType.FailWorkflowExecution,
        FailWorkflowExecutionCommandAttributes = new() { Failure = ApplicationFailure(type) },
    };

    public static Command Cancel() => new() { CommandType = CommandType.CancelWorkflowExecution, CancelWorkflowExecutionCommandAttributes = new() };

    public static Command ContinueAsNew() => new()
    {
        CommandType = CommandType.ContinueAsNewWorkflowExecution,
        ContinueAsNewWorkflowExecutionCommandAttributes = new(),
    };

    public static Failure ApplicationFailure(string type, bool nonRetryable = false) => new()
    {
        Message = type,
        ApplicationFailureInfo = new() { Type = type, NonRetryable = nonRetryable },
    };

    public static void Accept(this RespondWorkflowTaskCompletedRequest request, Message update) => request.Place(update, "accept", new Acceptance
    {
        AcceptedRequestMessageId = update.Id,
        AcceptedRequestSequencingEventId = update.EventId,
        AcceptedRequest = update.Body.Unpack<Request>(),
    });

    public static void Answer(this RespondWorkflowTaskCompletedRequest request, string updateId)
    {
        var message = new Message
        {
            Id = $"{updateId}/request/complete",
            ProtocolInstanceId = updateId,
            Body = Any.Pack(new Response { Meta = new() { UpdateId = updateId }, Outcome = new() { Success = new() } }),
        };
        request.Messages.Add(message);
        request.Commands.Add(new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = message.Id } });
    }

    public static void Reject(this RespondWorkflowTaskCompletedRequest request, Message update) => request.Messages.Add(new Message
    {
        Id = update.Id + "/reject",
        ProtocolInstanceId = update.ProtocolInstanceId,
        Body = Any.Pack(new Rejection { RejectedRequestMessageId = update.Id, Failure = ApplicationFailure("Rejected") }),
    });

    private static void Place(this RespondWorkflowTaskCompletedRequest request, Message update, string kind, Google.Protobuf.IMessage body)
    {
        var message = new Message { Id = $"{update.Id}/{kind}", ProtocolInstanceId = update.ProtocolInstanceId, Body = Any.Pack(body) };
        request.Messages.Add(message);
        request.Commands.Add(new Command { CommandType = CommandType.ProtocolMessage, ProtocolMessageCommandAttributes = new() { MessageId = message.Id } });
    }
}
