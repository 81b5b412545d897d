using Temporalio.Api.Update.V1;
using Temporalio.Client.Internal;

namespace Temporalio.Client;

/// <summary>An update of a workflow.</summary>
/// <param name="WorkflowRunId">The run that took it, when known.</param>
public record WorkflowUpdateHandle(ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
{
    /// <summary>Once known it is not asked for again.</summary>
    internal Outcome? KnownOutcome { get; set; }

    /// <exception cref="Exceptions.WorkflowUpdateFailedException">Rejected, or its handler failed.</exception>
    /// <exception cref="Exceptions.WorkflowUpdateRpcTimeoutOrCanceledException">The wait ended before the update did.</exception>
    public Task GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<ValueTuple>(rpcOptions);

    /// <inheritdoc cref="GetResultAsync(RpcOptions?)" />
    public virtual Task<TResult> GetResultAsync<TResult>(RpcOptions? rpcOptions = null) =>
        Updates.ResultAsync<TResult>(Client, this, rpcOptions);
}

/// <inheritdoc />
public record WorkflowUpdateHandle<TResult>(ITemporalClient Client, string Id, string WorkflowId, string? WorkflowRunId = null)
    : WorkflowUpdateHandle(Client, Id, WorkflowId, WorkflowRunId)
{
    /// <inheritdoc cref="WorkflowUpdateHandle.GetResultAsync(RpcOptions?)" />
    public new Task<TResult> GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<TResult>(rpcOptions);
}
