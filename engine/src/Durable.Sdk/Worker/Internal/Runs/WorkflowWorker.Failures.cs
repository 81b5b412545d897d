using Temporalio.Api.Command.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Commands;
using Temporalio.Worker.Internal.Core;

namespace Temporalio.Worker.Internal.Runs;

internal sealed partial class WorkflowWorker
{
    private async Task<PollWorkflowTaskQueueResponse?> FailAsync(RunHandle handle, WorkflowTask task, Exception exception)
    {
        var run = handle.Run!;
        var coding = run.Coding;
        var failsWorkflow = exception is NondeterminismException && FailsOnNondeterminism(run);
        Evict(handle);
        if (!task.TryAnswer())
        {
            return null;
        }
        if (failsWorkflow && task.Response.Query is null)
        {
            return await FailWorkflowAsync(task, exception, coding).ConfigureAwait(false);
        }
        await ReportAsync(task.Response, exception, coding).ConfigureAwait(false);
        return null;
    }

    private async Task ReportAsync(PollWorkflowTaskQueueResponse response, Exception exception, PayloadCoding? coding)
    {
        WorkerLog.WorkflowTaskFailed(logger, exception, response.WorkflowType.Name, response.WorkflowExecution.WorkflowId, response.WorkflowExecution.RunId);
        metrics.Sdk.WorkflowTaskExecutionFailed.Add(1,
        [
            .. metrics.Workflow(response.WorkflowType.Name),
            new("failure_reason", exception is NondeterminismException ? "NonDeterminismError" : "WorkflowError"),
        ]);
        var failure = environment.ToFailure(exception);
        if (response.Query is not null)
        {
            await AnswerQueryAsync(response, new QueryResponseCommand(string.Empty, null, failure), coding).ConfigureAwait(false);
            return;
        }
        // Later attempts are left to their timeout: that is what slows down a workflow that always fails.
        if (response.Attempt > 1)
        {
            return;
        }
        await EncodeAsync(failure, coding).ConfigureAwait(false);
        try
        {
            await identity.Service.RespondWorkflowTaskFailedAsync(
                new()
                {
                    TaskToken = response.TaskToken,
                    Namespace = identity.Namespace,
                    Identity = identity.Identity,
                    Cause = exception is NondeterminismException
                        ? WorkflowTaskFailedCause.NonDeterministicError
                        : WorkflowTaskFailedCause.WorkflowWorkerUnhandledFailure,
                    Failure = failure,
                    WorkerVersion = identity.Stamp(),
                    DeploymentOptions = identity.Deployment,
                },
                WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            // The server has given up on the task already, or will after its timeout.
            WorkerLog.CompletionRefused(logger, e, response.WorkflowExecution.RunId);
        }
    }

    private bool FailsOnNondeterminism(WorkflowRun run) =>
        environment.Workflows.FailureExceptionTypes.Concat(run.Instance?.Definition.FailureExceptionTypes ?? [])
            .Any(static type => type.IsAssignableFrom(typeof(WorkflowNondeterminismException)));

    private async Task<PollWorkflowTaskQueueResponse?> FailWorkflowAsync(WorkflowTask task, Exception exception, PayloadCoding? coding)
    {
        var failure = environment.ToFailure(new WorkflowNondeterminismException(exception.Message));
        await EncodeAsync(failure, coding).ConfigureAwait(false);
        try
        {
            await identity.Service.RespondWorkflowTaskCompletedAsync(
                new()
                {
                    TaskToken = task.Response.TaskToken,
                    Namespace = identity.Namespace,
                    Identity = identity.Identity,
                    WorkerVersionStamp = identity.Stamp(),
                    DeploymentOptions = identity.Deployment,
                    Commands =
                    {
                        new Command
                        {
                            CommandType = CommandType.FailWorkflowExecution,
                            FailWorkflowExecutionCommandAttributes = new() { Failure = failure },
                        },
                    },
                },
                WorkerIdentity.Call()).ConfigureAwait(false);
        }
        catch (RpcException e)
        {
            WorkerLog.CompletionRefused(logger, e, task.Response.WorkflowExecution.RunId);
        }
        return null;
    }

    /// <summary>Encodes a failure in place. One that the codec does not take goes without what the codec would have hidden.</summary>
    private static async Task EncodeAsync(Failure failure, PayloadCoding? coding)
    {
        if (coding is null)
        {
            return;
        }
        try
        {
            await coding.EncodeAsync(failure).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            failure.ClearFailureInfo();
            failure.Cause = null;
            failure.EncodedAttributes = null;
            failure.StackTrace = string.Empty;
            failure.Message = $"Failed encoding completion: {e.Message}";
        }
    }

    // Answers tasks whose code blocks its thread. The thread stays with the code until that returns; what it did then is thrown away.
    private async Task FailDeadlockedAsync()
    {
        foreach (var handle in cache.Busy())
        {
            if (handle.Run is { } run && handle.Current is { } task && Deadlock.IsIn(run, environment.Clock) && task.TryAnswer())
            {
                await ReportAsync(task.Response, Deadlock.Of(handle.RunId), run.Coding).ConfigureAwait(false);
            }
        }
    }
}
