using System.Linq.Expressions;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Client.Internal;
using Temporalio.Common;
using Temporalio.Exceptions;

namespace Temporalio.Client;

/// <summary>A workflow by its id.</summary>
/// <param name="RunId">Signals, queries, updates and describes this run; null: the latest.</param>
/// <param name="ResultRunId">Where the wait for the result begins.</param>
/// <param name="FirstExecutionRunId">Cancel and terminate only a chain that began with this run.</param>
public record WorkflowHandle(ITemporalClient Client, string Id, string? RunId = null, string? ResultRunId = null, string? FirstExecutionRunId = null)
{
    /// <inheritdoc cref="GetResultAsync{TResult}" />
    public Task GetResultAsync(bool followRuns = true, RpcOptions? rpcOptions = null) => GetResultAsync<ValueTuple>(followRuns, rpcOptions);

    /// <summary>Waits for the end of the workflow. A timeout in the options is for each call, never for the wait.</summary>
    /// <exception cref="WorkflowFailedException">It failed, was cancelled, terminated or timed out; the inner exception says which.</exception>
    /// <exception cref="WorkflowContinuedAsNewException">It goes on in another run, and <paramref name="followRuns"/> is false.</exception>
    public virtual async Task<TResult> GetResultAsync<TResult>(bool followRuns = true, RpcOptions? rpcOptions = null)
    {
        var runId = ResultRunId;
        while (true)
        {
            var close = await CloseEventAsync(runId, rpcOptions).ConfigureAwait(false);
            var next = NextRunOf(close);
            if (next.Length > 0)
            {
                runId = followRuns ? next : throw new WorkflowContinuedAsNewException(next);
                continue;
            }
            var converter = Client.Options.DataConverter.For(Client.Options.Namespace, Id);
            switch (close.EventType)
            {
                case EventType.WorkflowExecutionCompleted:
                    return await converter.DecodeAsync<TResult>(close.WorkflowExecutionCompletedEventAttributes.Result).ConfigureAwait(false);
                case EventType.WorkflowExecutionFailed:
                    throw new WorkflowFailedException(await converter.DecodeAsync(close.WorkflowExecutionFailedEventAttributes.Failure).ConfigureAwait(false));
                case EventType.WorkflowExecutionCanceled:
                    throw new WorkflowFailedException(await converter.DecodeAsync(new Api.Failure.V1.Failure
                    {
                        Message = "Workflow canceled",
                        CanceledFailureInfo = new() { Details = close.WorkflowExecutionCanceledEventAttributes.Details },
                    }).ConfigureAwait(false));
                case EventType.WorkflowExecutionTerminated:
                    var terminated = close.WorkflowExecutionTerminatedEventAttributes;
                    throw new WorkflowFailedException(new TerminatedFailureException(
                        new() { Message = terminated.Reason.Length > 0 ? terminated.Reason : "Workflow terminated", TerminatedFailureInfo = new() },
                        null,
                        terminated.Details is { Payloads_.Count: > 0 } details
                            ? new InboundFailureDetails(converter.PayloadConverter, await converter.DecodedAsync(details).ConfigureAwait(false))
                            : null));
                case EventType.WorkflowExecutionTimedOut:
                    throw new WorkflowFailedException(await converter.DecodeAsync(new Api.Failure.V1.Failure
                    {
                        Message = "Workflow timed out",
                        TimeoutFailureInfo = new() { TimeoutType = TimeoutType.StartToClose },
                    }).ConfigureAwait(false));
                default:
                    throw new InvalidOperationException($"Unexpected close event {close.EventType} of workflow {Id}");
            }
        }
    }

    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, WorkflowSignalOptions? options = null)
    {
        var (name, args) = Calls.Signal(signalCall);
        return SignalAsync(name, args, options);
    }

    public virtual Task SignalAsync(string signal, IReadOnlyCollection<object?> args, WorkflowSignalOptions? options = null) =>
        Client.OutboundInterceptor.SignalWorkflowAsync(new(Id, RunId, signal, args, options, null));

    /// <exception cref="WorkflowQueryFailedException">The handler failed.</exception>
    /// <exception cref="WorkflowQueryRejectedException">By the reject condition.</exception>
    public Task<TQueryResult> QueryAsync<TWorkflow, TQueryResult>(Expression<Func<TWorkflow, TQueryResult>> queryCall, WorkflowQueryOptions? options = null)
    {
        var (name, args) = Calls.Query(queryCall);
        return QueryAsync<TQueryResult>(name, args, options);
    }

    public virtual Task<TQueryResult> QueryAsync<TQueryResult>(string query, IReadOnlyCollection<object?> args, WorkflowQueryOptions? options = null) =>
        Client.OutboundInterceptor.QueryWorkflowAsync<TQueryResult>(new(Id, RunId, query, args, options, null));

    public Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateAsync<TWorkflow, TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateStartOptions options)
    {
        var (name, args) = Calls.Update(updateCall);
        return StartUpdateAsync<TUpdateResult>(name, args, options);
    }

    public Task<WorkflowUpdateHandle> StartUpdateAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateStartOptions options)
    {
        var (name, args) = Calls.Update(updateCall);
        return StartUpdateAsync(name, args, options);
    }

    public async Task<WorkflowUpdateHandle> StartUpdateAsync(string update, IReadOnlyCollection<object?> args, WorkflowUpdateStartOptions options) =>
        await StartUpdateAsync<ValueTuple>(update, args, options).ConfigureAwait(false);

    public virtual Task<WorkflowUpdateHandle<TUpdateResult>> StartUpdateAsync<TUpdateResult>(
        string update, IReadOnlyCollection<object?> args, WorkflowUpdateStartOptions options) =>
        Client.OutboundInterceptor.StartWorkflowUpdateAsync<TUpdateResult>(new(Id, RunId, FirstExecutionRunId, update, args, options, null));

    /// <exception cref="WorkflowUpdateFailedException">Rejected, or its handler failed.</exception>
    public Task<TUpdateResult> ExecuteUpdateAsync<TWorkflow, TUpdateResult>(
        Expression<Func<TWorkflow, Task<TUpdateResult>>> updateCall, WorkflowUpdateOptions? options = null)
    {
        var (name, args) = Calls.Update(updateCall);
        return ExecuteUpdateAsync<TUpdateResult>(name, args, options);
    }

    public Task ExecuteUpdateAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> updateCall, WorkflowUpdateOptions? options = null)
    {
        var (name, args) = Calls.Update(updateCall);
        return ExecuteUpdateAsync(name, args, options);
    }

    public Task ExecuteUpdateAsync(string update, IReadOnlyCollection<object?> args, WorkflowUpdateOptions? options = null) =>
        ExecuteUpdateAsync<ValueTuple>(update, args, options);

    public async Task<TUpdateResult> ExecuteUpdateAsync<TUpdateResult>(string update, IReadOnlyCollection<object?> args, WorkflowUpdateOptions? options = null)
    {
        var start = new WorkflowUpdateStartOptions { Id = options?.Id, Rpc = options?.Rpc, WaitForStage = WorkflowUpdateStage.Completed };
        var handle = await StartUpdateAsync<TUpdateResult>(update, args, start).ConfigureAwait(false);
        return await handle.GetResultAsync(options?.Rpc).ConfigureAwait(false);
    }

    public WorkflowUpdateHandle GetUpdateHandle(string id) => new(Client, id, Id, RunId);

    public WorkflowUpdateHandle<TUpdateResult> GetUpdateHandle<TUpdateResult>(string id) => new(Client, id, Id, RunId);

    public virtual Task<WorkflowExecutionDescription> DescribeAsync(WorkflowDescribeOptions? options = null) =>
        Client.OutboundInterceptor.DescribeWorkflowAsync(new(Id, RunId, options));

    public virtual Task CancelAsync(WorkflowCancelOptions? options = null) =>
        Client.OutboundInterceptor.CancelWorkflowAsync(new(Id, RunId, FirstExecutionRunId, options));

    public virtual Task TerminateAsync(string? reason = null, WorkflowTerminateOptions? options = null) =>
        Client.OutboundInterceptor.TerminateWorkflowAsync(new(Id, RunId, FirstExecutionRunId, reason, options));

    public virtual async Task<WorkflowHistory> FetchHistoryAsync(WorkflowHistoryEventFetchOptions? options = null)
    {
        var events = new List<HistoryEvent>();
        await foreach (var e in FetchHistoryEventsAsync(options).ConfigureAwait(false))
        {
            events.Add(e);
        }
        return new WorkflowHistory(Id, events);
    }

    public virtual async IAsyncEnumerable<HistoryEvent> FetchHistoryEventsAsync(WorkflowHistoryEventFetchOptions? options = null)
    {
        options ??= new();
        byte[]? token = null;
        do
        {
            var page = await Client.OutboundInterceptor.FetchWorkflowHistoryEventPageAsync(
                new(Id, RunId, null, token, options.WaitNewEvent, options.EventFilterType, options.SkipArchival, options.Rpc)).ConfigureAwait(false);
            foreach (var e in page.Events)
            {
                yield return e;
            }
            token = page.NextPageToken;
        }
        while (token is not null);
    }

    private static string NextRunOf(HistoryEvent close) => close.EventType switch
    {
        EventType.WorkflowExecutionCompleted => close.WorkflowExecutionCompletedEventAttributes.NewExecutionRunId,
        EventType.WorkflowExecutionFailed => close.WorkflowExecutionFailedEventAttributes.NewExecutionRunId,
        EventType.WorkflowExecutionTimedOut => close.WorkflowExecutionTimedOutEventAttributes.NewExecutionRunId,
        EventType.WorkflowExecutionContinuedAsNew => close.WorkflowExecutionContinuedAsNewEventAttributes.NewExecutionRunId,
        _ => "",
    };

    private async Task<HistoryEvent> CloseEventAsync(string? runId, RpcOptions? rpc)
    {
        var page = await Client.OutboundInterceptor.FetchWorkflowHistoryEventPageAsync(
            new(Id, runId, null, null, WaitNewEvent: true, HistoryEventFilterType.CloseEvent, SkipArchival: true, rpc)).ConfigureAwait(false);
        return page.Events.Count > 0 ? page.Events.Last() : throw new InvalidOperationException("Event set unexpectedly empty");
    }
}
