using Microsoft.Extensions.Logging;

namespace Temporalio.Worker.Internal.Runs;

internal static partial class WorkerLog
{
    [LoggerMessage(10, LogLevel.Warning, "Poll of task queue {TaskQueue} failed, trying again")]
    public static partial void PollFailed(ILogger logger, Exception exception, string taskQueue);

    [LoggerMessage(11, LogLevel.Error, "Workflow task of run {RunId} could not be worked on")]
    public static partial void TaskFailed(ILogger logger, Exception exception, string runId);

    [LoggerMessage(12, LogLevel.Warning, "Workflow task failed: workflow {WorkflowType}, ID {WorkflowId}, run {RunId}")]
    public static partial void WorkflowTaskFailed(ILogger logger, Exception exception, string workflowType, string workflowId, string runId);

    [LoggerMessage(13, LogLevel.Warning, "The server refused the answer to a workflow task of run {RunId}")]
    public static partial void CompletionRefused(ILogger logger, Exception exception, string runId);

    [LoggerMessage(14, LogLevel.Debug, "The server was not told of the shutdown")]
    public static partial void ShutdownNotTold(ILogger logger, Exception exception);

    [LoggerMessage(15, LogLevel.Error, "The slot supplier threw when {Action}")]
    public static partial void SlotSupplierFailed(ILogger logger, Exception exception, string action);

    [LoggerMessage(16, LogLevel.Information, "The worker stops while local activities of run {RunId} go on; its task is left to another worker")]
    public static partial void TaskLeft(ILogger logger, string runId);
}
