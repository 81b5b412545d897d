using Temporalio.Activities;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Runs;

namespace Temporalio.Worker.Internal.Activities;

internal sealed partial class ActivityWorker
{
    private async Task ReportAsync(
        RunningActivity activity, PollActivityTaskQueueResponse task, (Payload? Result, Exception? Exception) outcome, DataConverter converter)
    {
        var (result, exception) = outcome;
        if (exception is CompleteAsyncException)
        {
            await activity.FlushAsync().ConfigureAwait(false);
            return;
        }
        try
        {
            if (exception is null)
            {
                await CompleteAsync(task, result!).ConfigureAwait(false);
            }
            else if (exception is OperationCanceledException &&
                activity.Reason is ActivityCancelReason.CancelRequested or ActivityCancelReason.GoneFromServer or ActivityCancelReason.Timeout)
            {
                await CancelAsync(task).ConfigureAwait(false);
            }
            else
            {
                await FailAsync(activity, task, FailureFor(activity, exception), converter).ConfigureAwait(false);
            }
        }
        catch (RpcException e) when (e.Code == RpcException.StatusCode.NotFound)
        {
            ActivityLog.NotWanted(logger, task.ActivityType.Name, task.ActivityId);
        }
    }

    // A cancellation that the server did not ask for must be a failure: it would be refused otherwise, and not retried.
    private static Exception FailureFor(RunningActivity activity, Exception exception) => (exception, activity.Reason) switch
    {
        (OperationCanceledException, ActivityCancelReason.WorkerShutdown) => new ApplicationFailureException(
            "Worker is shutting down and this activity did not complete in time", exception, errorType: "WorkerShutdown"),
        (OperationCanceledException, ActivityCancelReason.Paused) => new ApplicationFailureException("Activity paused", exception, errorType: "ActivityPause"),
        (OperationCanceledException, ActivityCancelReason.Reset) => new ApplicationFailureException("Activity reset", exception, errorType: "ActivityReset"),
        (OperationCanceledException, ActivityCancelReason.HeartbeatRecordFailure) => activity.HeartbeatFailure ?? exception,
        _ => exception,
    };

    private Task CompleteAsync(PollActivityTaskQueueResponse task, Payload result) =>
        identity.Service.RespondActivityTaskCompletedAsync(
            new()
            {
                TaskToken = task.TaskToken,
                Namespace = identity.Namespace,
                Identity = identity.Identity,
                Result = new Payloads { Payloads_ = { result } },
                WorkerVersion = identity.Stamp(),
                DeploymentOptions = identity.Deployment,
            },
            WorkerIdentity.Call());

    private Task CancelAsync(PollActivityTaskQueueResponse task) =>
        identity.Service.RespondActivityTaskCanceledAsync(
            new()
            {
                TaskToken = task.TaskToken,
                Namespace = identity.Namespace,
                Identity = identity.Identity,
                WorkerVersion = identity.Stamp(),
                DeploymentOptions = identity.Deployment,
            },
            WorkerIdentity.Call());

    private async Task FailAsync(RunningActivity activity, PollActivityTaskQueueResponse task, Exception exception, DataConverter converter)
    {
        ActivityLog.Failed(logger, exception, task.ActivityType.Name, task.ActivityId, task.Attempt);
        Failure failure;
        try
        {
            failure = converter.FailureConverter.ToFailure(exception, converter.PayloadConverter);
            if (converter.PayloadCodec is { } codec)
            {
                await new PayloadCoding(codec).EncodeAsync(failure).ConfigureAwait(false);
            }
        }
        catch (Exception e)
        {
            failure = new Failure { Message = $"Failed building completion: {e.Message}", ApplicationFailureInfo = new() { Type = e.GetType().Name } };
        }
        await identity.Service.RespondActivityTaskFailedAsync(
            new()
            {
                TaskToken = task.TaskToken,
                Namespace = identity.Namespace,
                Identity = identity.Identity,
                Failure = failure,
                LastHeartbeatDetails = await activity.LastDetailsAsync().ConfigureAwait(false),
                WorkerVersion = identity.Stamp(),
                DeploymentOptions = identity.Deployment,
            },
            WorkerIdentity.Call()).ConfigureAwait(false);
    }
}
