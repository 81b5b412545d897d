using Temporalio.Api.Enums.V1;
using Temporalio.Api.Query.V1;

namespace Durable.Server.Executions;

/// <summary>Queries: on a task of their own, or riding on the next workflow task. Volatile, and without a trace in the history.</summary>
public sealed partial class Execution
{
    private readonly Dictionary<string, WorkflowQuery> bufferedQueries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkflowQuery> sentQueries = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WorkflowQuery> directQueries = new(StringComparer.Ordinal);

    /// <summary>Takes a query in. The answer comes as <see cref="QueryAnswered"/>, or to the task that <see cref="QueryReady"/> makes.</summary>
    /// <param name="deadline">When the caller goes; null: it did not say.</param>
    public void AdmitQuery(string queryId, WorkflowQuery query, DateTimeOffset? deadline = null)
    {
        if (!IsRunning)
        {
            if (state.PreviousStartedEventId == 0)
            {
                throw Faults.NotReady("Workflow execution closed before WorkflowTaskStarted event");
            }
            DispatchDirectly(queryId, query);
            return;
        }
        if (state.FirstWorkflowTaskAt is { } first && (deadline is null || first.ToDateTimeOffset() > deadline))
        {
            throw Faults.NotReady("Workflow task is not scheduled yet.");
        }
        if (state.WorkflowTaskAttempt >= 3 || state.WorkflowTask is { Attempt: >= 3 })
        {
            throw Faults.NotReady("Unable to query workflow due to Workflow Task in failed state.");
        }
        if (state.PreviousStartedEventId > 0 && (state.WorkflowTask is null || (speculative && state.WorkflowTask.StartedEventId == 0)))
        {
            DispatchDirectly(queryId, query);
            return;
        }
        if (bufferedQueries.Count >= context.Limits.BufferedQueries)
        {
            throw Faults.Exhausted(
                "consistent query buffer is full, this may be caused by too many queries and workflow not able to process query fast enough",
                ResourceExhaustedCause.BusyWorkflow);
        }
        bufferedQueries.Add(queryId, query);
    }

    /// <summary>The query of a queue entry; null when nobody waits for it any more.</summary>
    public WorkflowQuery? FindDirectQuery(string queryId) => directQueries.GetValueOrDefault(queryId);

    /// <summary>Whoever asked is gone, or has been answered.</summary>
    public void ForgetQuery(string queryId)
    {
        directQueries.Remove(queryId);
        bufferedQueries.Remove(queryId);
        sentQueries.Remove(queryId);
    }

    /// <summary>The worker with the cache did not answer: the query goes to the normal queue with the whole history.</summary>
    public void RedispatchQuery(string queryId)
    {
        if (directQueries.ContainsKey(queryId))
        {
            effects.Add(new QueryReady(queryId, TaskQueue, Sticky: false));
        }
    }

    private void DispatchDirectly(string queryId, WorkflowQuery query)
    {
        directQueries[queryId] = query;
        var sticky = IsRunning && state.StickyTaskQueue.Length > 0;
        effects.Add(new QueryReady(queryId, sticky ? state.StickyTaskQueue : TaskQueue, sticky));
    }

    private List<KeyValuePair<string, WorkflowQuery>> TakeBufferedQueries()
    {
        var queries = new List<KeyValuePair<string, WorkflowQuery>>(bufferedQueries.Count);
        foreach (var query in bufferedQueries)
        {
            queries.Add(query);
            sentQueries[query.Key] = query.Value;
        }
        bufferedQueries.Clear();
        return queries;
    }

    private void AnswerQueries(IEnumerable<KeyValuePair<string, WorkflowQueryResult>> results)
    {
        foreach (var (queryId, result) in results)
        {
            if (sentQueries.Remove(queryId))
            {
                effects.Add(result.Answer is not null && result.Answer.CalculateSize() > context.Limits.BlobBytes
                    ? new QueryAnswered(queryId, null, Faults.InvalidArgument("Blob data size exceeds limit."))
                    : result.ResultType == QueryResultType.Answered
                    ? new QueryAnswered(queryId, result, null)
                    : new QueryAnswered(queryId, null, Faults.QueryFailed(result.ErrorMessage, result.Failure)));
            }
        }
    }

    /// <summary>Queries that the task did not answer wait for the next one; without one they go out on their own.</summary>
    /// <param name="keepSent">They went out with a task that has just been started.</param>
    private void ReturnQueries(bool keepSent = false)
    {
        if (!keepSent)
        {
            foreach (var (queryId, query) in sentQueries)
            {
                bufferedQueries[queryId] = query;
            }
            sentQueries.Clear();
        }
        if (bufferedQueries.Count == 0 || (IsRunning && state.WorkflowTask is not null))
        {
            return;
        }
        foreach (var (queryId, query) in bufferedQueries)
        {
            if (state.PreviousStartedEventId == 0)
            {
                effects.Add(new QueryAnswered(queryId, null, Faults.NotReady("Workflow execution closed before WorkflowTaskStarted event")));
            }
            else
            {
                DispatchDirectly(queryId, query);
            }
        }
        bufferedQueries.Clear();
    }
}
