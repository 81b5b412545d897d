using Temporalio.Client.Internal;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>An activity without a workflow, by its id.</summary>
/// <param name="RunId">Null: the latest.</param>
public record ActivityHandle(ITemporalClient Client, string Id, string? RunId = null)
{
    /// <inheritdoc cref="GetResultAsync{TResult}" />
    public Task GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<ValueTuple>(rpcOptions);

    /// <summary>Waits for the end of the activity. A timeout in the options is for each call, never for the wait.</summary>
    /// <exception cref="ActivityFailedException">It failed, was cancelled, terminated or timed out; the inner exception says which.</exception>
    public virtual Task<TResult> GetResultAsync<TResult>(RpcOptions? rpcOptions = null) =>
        StandaloneActivities.ResultAsync<TResult>(Client, Id, RunId, rpcOptions);

    public virtual Task<ActivityExecutionDescription> DescribeAsync(ActivityDescribeOptions? options = null) =>
        Client.OutboundInterceptor.DescribeActivityAsync(new(Id, RunId, options));

    /// <summary>Asks it to stop; it hears of that by its next heartbeat.</summary>
    public virtual Task CancelAsync(ActivityCancelOptions? options = null) =>
        Client.OutboundInterceptor.CancelActivityAsync(new(Id, RunId, options));

    /// <summary>Ends it at once, whatever it does.</summary>
    public virtual Task TerminateAsync(ActivityTerminateOptions? options = null) =>
        Client.OutboundInterceptor.TerminateActivityAsync(new(Id, RunId, options));
}

/// <inheritdoc />
public record ActivityHandle<TResult>(ITemporalClient Client, string Id, string? RunId = null) : ActivityHandle(Client, Id, RunId)
{
    /// <inheritdoc cref="ActivityHandle.GetResultAsync{TResult}" />
    public new Task<TResult> GetResultAsync(RpcOptions? rpcOptions = null) => GetResultAsync<TResult>(rpcOptions);
}
