using Temporalio.Api.Enums.V1;
using Temporalio.Common;

namespace Durable.Sdk.Tests.Common;

public class WorkflowHistoryTests
{
    // A cause is another enum in each event, and an object in a failure.
    [Theory]
    [InlineData("requestCancelExternalWorkflowExecutionFailed", "RequestCancelExternalWorkflowExecutionFailed", "ExternalWorkflowExecutionNotFound")]
    [InlineData("signalExternalWorkflowExecutionFailed", "SignalExternalWorkflowExecutionFailed", "NamespaceNotFound")]
    [InlineData("startChildWorkflowExecutionFailed", "StartChildWorkflowExecutionFailed", "WorkflowAlreadyExists")]
    [InlineData("workflowTaskFailed", "WorkflowTaskFailed", "NonDeterministicError")]
    public void Cause_InTheWayOfOldTools_IsRead(string field, string type, string cause)
    {
        var history = WorkflowHistory.FromJson("id", $$$"""
            {"events": [{"eventId": "1", "eventType": "{{{type}}}", "{{{field}}}EventAttributes": {"cause": "{{{cause}}}"}}]}
            """);

        var read = history.Events.Single();
        read.EventType.ToString().ShouldBe(type);
        var causes = new object?[]
        {
            read.RequestCancelExternalWorkflowExecutionFailedEventAttributes?.Cause, read.SignalExternalWorkflowExecutionFailedEventAttributes?.Cause,
            read.StartChildWorkflowExecutionFailedEventAttributes?.Cause, read.WorkflowTaskFailedEventAttributes?.Cause,
        };
        causes.OfType<Enum>().Single().ToString().ShouldBe(cause);
    }

    [Fact]
    public void Cause_OfAFailure_IsLeftAlone()
    {
        var history = WorkflowHistory.FromJson("id", """
            {"events": [{"eventId": "1", "eventType": "WorkflowTaskFailed", "workflowTaskFailedEventAttributes":
              {"failure": {"message": "outer", "cause": {"message": "cause", "timeoutFailureInfo": {"timeoutType": "Heartbeat"}}}, "cause": "WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND"}}]}
            """);

        var failed = history.Events.Single().WorkflowTaskFailedEventAttributes;
        (failed.Cause, failed.Failure.Cause.TimeoutFailureInfo.TimeoutType).ShouldBe((WorkflowTaskFailedCause.UnhandledCommand, TimeoutType.Heartbeat));
    }
}
