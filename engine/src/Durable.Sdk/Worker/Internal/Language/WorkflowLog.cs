using Microsoft.Extensions.Logging;

namespace Temporalio.Worker.Internal.Language;

/// <summary>What the worker logs about workflows.</summary>
internal static partial class WorkflowLog
{
    [LoggerMessage(1, LogLevel.Error, "Failed decoding signal args for {SignalName}, dropping the signal")]
    public static partial void SignalDropped(ILogger logger, Exception exception, string signalName);

    [LoggerMessage(2, LogLevel.Warning, "Failed activation on workflow {WorkflowType} with ID {WorkflowId} and run ID {RunId}")]
    public static partial void ActivationFailed(ILogger logger, Exception exception, string workflowType, string workflowId, string runId);

    [LoggerMessage(3, LogLevel.Warning, "[TMPRL1102] Workflow {Id} finished while signal handlers are still running. This may have interrupted work that the handler was doing. Wait for all handlers with `await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished)`, or, if interrupting them is fine, set `[WorkflowSignal(UnfinishedPolicy=HandlerUnfinishedPolicy.Abandon)]`. Unfinished: {Handlers}")]
    public static partial void UnfinishedSignals(ILogger logger, string id, string handlers);

    [LoggerMessage(4, LogLevel.Warning, "[TMPRL1102] Workflow {Id} finished while update handlers are still running. This may have interrupted work that the handler was doing, and its caller gets an error instead of a result. Wait for all handlers with `await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished)`, or, if interrupting them is fine, set `[WorkflowUpdate(UnfinishedPolicy=HandlerUnfinishedPolicy.Abandon)]`. Unfinished: {Handlers}")]
    public static partial void UnfinishedUpdates(ILogger logger, string id, string handlers);
}
