using Temporalio.Api.Enums.V1;
using Temporalio.Api.Update.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Exceptions;

namespace Temporalio.Client.Internal;

/// <summary>Waiting for the outcome of an update.</summary>
internal static class Updates
{
    public static async Task<T> ResultAsync<T>(ITemporalClient client, WorkflowUpdateHandle handle, RpcOptions? options)
    {
        var outcome = handle.KnownOutcome ??= await PollAsync(client, handle, options).ConfigureAwait(false);
        var converter = client.Options.DataConverter.For(client.Options.Namespace, handle.WorkflowId);
        return outcome.Failure is { } failure
            ? throw new WorkflowUpdateFailedException(await converter.DecodeAsync(failure).ConfigureAwait(false))
            : await converter.DecodeAsync<T>(outcome.Success).ConfigureAwait(false);
    }

    /// <summary>Runs a call of an update and gives its time-outs their own exception.</summary>
    public static async Task<T> GuardAsync<T>(Func<Task<T>> call)
    {
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (OperationCanceledException cancelled)
        {
            throw new WorkflowUpdateRpcTimeoutOrCanceledException(cancelled);
        }
        catch (RpcException fault) when (fault.Code is RpcException.StatusCode.DeadlineExceeded or RpcException.StatusCode.Cancelled)
        {
            throw new WorkflowUpdateRpcTimeoutOrCanceledException(fault);
        }
    }

    public static Task<Outcome> PollAsync(ITemporalClient client, WorkflowUpdateHandle handle, RpcOptions? options) => GuardAsync(async () =>
    {
        var request = new PollWorkflowExecutionUpdateRequest
        {
            Namespace = client.Options.Namespace,
            UpdateRef = new() { WorkflowExecution = new() { WorkflowId = handle.WorkflowId, RunId = handle.WorkflowRunId ?? "" }, UpdateId = handle.Id },
            Identity = ClientRoot.IdentityOf(client),
            WaitPolicy = new() { LifecycleStage = UpdateWorkflowExecutionLifecycleStage.Completed },
        };
        while (true)
        {
            var response = await client.WorkflowService.PollWorkflowExecutionUpdateAsync(request, ClientRoot.Retried(options)).ConfigureAwait(false);
            if (response.Outcome is { } outcome)
            {
                return outcome;
            }
        }
    });
}
