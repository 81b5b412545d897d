using System.Linq.Expressions;
using System.Runtime.CompilerServices;
using Temporalio.Common;

namespace Temporalio.Client;

/// <summary>Start and wait in one.</summary>
public static partial class ITemporalClientExtensions
{
    public static async Task<TResult> ExecuteWorkflowAsync<TWorkflow, TResult>(
        this ITemporalClient client, Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflowRunCall, options).ConfigureAwait(false);
        return await handle.GetResultAsync(rpcOptions: options.Rpc).ConfigureAwait(false);
    }

    public static async Task ExecuteWorkflowAsync<TWorkflow>(this ITemporalClient client, Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflowRunCall, options).ConfigureAwait(false);
        await handle.GetResultAsync(rpcOptions: options.Rpc).ConfigureAwait(false);
    }

    public static async Task ExecuteWorkflowAsync(this ITemporalClient client, string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflow, args, options).ConfigureAwait(false);
        await handle.GetResultAsync(rpcOptions: options.Rpc).ConfigureAwait(false);
    }

    public static async Task<TResult> ExecuteWorkflowAsync<TResult>(this ITemporalClient client, string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        var handle = await client.StartWorkflowAsync(workflow, args, options).ConfigureAwait(false);
        return await handle.GetResultAsync<TResult>(rpcOptions: options.Rpc).ConfigureAwait(false);
    }

    public static async Task<TUpdateResult> ExecuteUpdateWithStartWorkflowAsync<TWorkflow, TUpdateResult>(
        this ITemporalClient client, Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateWithStartOptions options)
    {
        var handle = await client.StartUpdateWithStartWorkflowAsync(updateCall, UntilCompleted(options)).ConfigureAwait(false);
        return await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    public static async Task ExecuteUpdateWithStartWorkflowAsync<TWorkflow>(
        this ITemporalClient client, Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateWithStartOptions options)
    {
        var handle = await client.StartUpdateWithStartWorkflowAsync(updateCall, UntilCompleted(options)).ConfigureAwait(false);
        await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    public static async Task ExecuteUpdateWithStartWorkflowAsync(
        this ITemporalClient client, string update, IReadOnlyCollection<object?> args, WorkflowUpdateWithStartOptions options)
    {
        var handle = await client.StartUpdateWithStartWorkflowAsync(update, args, UntilCompleted(options)).ConfigureAwait(false);
        await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    public static async Task<TUpdateResult> ExecuteUpdateWithStartWorkflowAsync<TUpdateResult>(
        this ITemporalClient client, string update, IReadOnlyCollection<object?> args, WorkflowUpdateWithStartOptions options)
    {
        var handle = await client.StartUpdateWithStartWorkflowAsync<TUpdateResult>(update, args, UntilCompleted(options)).ConfigureAwait(false);
        return await handle.GetResultAsync(options.Rpc).ConfigureAwait(false);
    }

    /// <summary>The histories of all runs that a query selects, fetched one after the other, for a replayer.</summary>
    public static IAsyncEnumerable<WorkflowHistory> ListWorkflowHistoriesAsync(
        this ITemporalClient client, string query, WorkflowListOptions? listOptions = null, WorkflowHistoryEventFetchOptions? historyFetchOptions = null) =>
        HistoriesAsync(client, query, listOptions, historyFetchOptions);

    private static async IAsyncEnumerable<WorkflowHistory> HistoriesAsync(
        ITemporalClient client,
        string query,
        WorkflowListOptions? listOptions,
        WorkflowHistoryEventFetchOptions? historyFetchOptions,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (var workflow in client.ListWorkflowsAsync(query, listOptions).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return await client.GetWorkflowHandle(workflow.Id, workflow.RunId).FetchHistoryAsync(historyFetchOptions).ConfigureAwait(false);
        }
    }

    private static WorkflowStartUpdateWithStartOptions UntilCompleted(WorkflowUpdateWithStartOptions options) => new()
    {
        Id = options.Id,
        Rpc = options.Rpc,
        StartWorkflowOperation = options.StartWorkflowOperation,
        WaitForStage = WorkflowUpdateStage.Completed,
    };
}
