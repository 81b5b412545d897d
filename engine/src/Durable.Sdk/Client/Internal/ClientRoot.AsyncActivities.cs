using Google.Protobuf;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;

namespace Temporalio.Client.Internal;

/// <summary>Activities that are completed from elsewhere: by task token, or by ids.</summary>
internal sealed partial class ClientRoot
{
    public override async Task HeartbeatAsyncActivityAsync(HeartbeatAsyncActivityInput input)
    {
        var details = await ConverterOf(input.DataConverterOverride).EncodeAsync(input.Options?.Details ?? []).ConfigureAwait(false);
        bool canceled;
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            var response = await client.WorkflowService.RecordActivityTaskHeartbeatByIdAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? "",
                    ActivityId = id.ActivityId,
                    Identity = IdentityOf(client),
                    Details = details,
                },
                Retried(input.Options?.Rpc)).ConfigureAwait(false);
            canceled = response.CancelRequested || response.ActivityPaused || response.ActivityReset;
        }
        else
        {
            var response = await client.WorkflowService.RecordActivityTaskHeartbeatAsync(
                new() { Namespace = client.Options.Namespace, TaskToken = TokenOf(input.Activity), Identity = IdentityOf(client), Details = details },
                Retried(input.Options?.Rpc)).ConfigureAwait(false);
            canceled = response.CancelRequested || response.ActivityPaused || response.ActivityReset;
        }
        if (canceled)
        {
            throw new AsyncActivityCanceledException();
        }
    }

    public override async Task CompleteAsyncActivityAsync(CompleteAsyncActivityInput input)
    {
        var result = await ConverterOf(input.DataConverterOverride).EncodeAsync([input.Result]).ConfigureAwait(false);
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            await client.WorkflowService.RespondActivityTaskCompletedByIdAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? "",
                    ActivityId = id.ActivityId,
                    Identity = IdentityOf(client),
                    Result = result,
                },
                Retried(input.Options?.Rpc)).ConfigureAwait(false);
            return;
        }
        await client.WorkflowService.RespondActivityTaskCompletedAsync(
            new() { Namespace = client.Options.Namespace, TaskToken = TokenOf(input.Activity), Identity = IdentityOf(client), Result = result },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);
    }

    public override async Task FailAsyncActivityAsync(FailAsyncActivityInput input)
    {
        var converter = ConverterOf(input.DataConverterOverride);
        var failure = await converter.ToFailureAsync(input.Exception).ConfigureAwait(false);
        var details = await converter.EncodeAsync(input.Options?.LastHeartbeatDetails ?? []).ConfigureAwait(false);
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            await client.WorkflowService.RespondActivityTaskFailedByIdAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? "",
                    ActivityId = id.ActivityId,
                    Identity = IdentityOf(client),
                    Failure = failure,
                    LastHeartbeatDetails = details,
                },
                Retried(input.Options?.Rpc)).ConfigureAwait(false);
            return;
        }
        await client.WorkflowService.RespondActivityTaskFailedAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                TaskToken = TokenOf(input.Activity),
                Identity = IdentityOf(client),
                Failure = failure,
                LastHeartbeatDetails = details,
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);
    }

    public override async Task ReportCancellationAsyncActivityAsync(ReportCancellationAsyncActivityInput input)
    {
        var details = await ConverterOf(input.DataConverterOverride).EncodeAsync(input.Options?.Details ?? []).ConfigureAwait(false);
        if (input.Activity is AsyncActivityHandle.IdReference id)
        {
            await client.WorkflowService.RespondActivityTaskCanceledByIdAsync(
                new()
                {
                    Namespace = client.Options.Namespace,
                    WorkflowId = id.WorkflowId,
                    RunId = id.RunId ?? "",
                    ActivityId = id.ActivityId,
                    Identity = IdentityOf(client),
                    Details = details,
                },
                Retried(input.Options?.Rpc)).ConfigureAwait(false);
            return;
        }
        await client.WorkflowService.RespondActivityTaskCanceledAsync(
            new() { Namespace = client.Options.Namespace, TaskToken = TokenOf(input.Activity), Identity = IdentityOf(client), Details = details },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);
    }

    private DataConverter ConverterOf(DataConverter? given) => given ?? client.Options.DataConverter;

    private static ByteString TokenOf(AsyncActivityHandle.Reference activity) => activity is AsyncActivityHandle.TaskTokenReference token
        ? ByteString.CopyFrom(token.TaskToken)
        : throw new ArgumentException($"Unknown activity reference {activity.GetType()}", nameof(activity));
}
