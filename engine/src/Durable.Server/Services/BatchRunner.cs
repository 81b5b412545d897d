using System.Collections.Concurrent;
using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Durable.Server.Visibility;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Common.V1;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;
using Execution = Durable.Server.Executions.Execution;
using Operation = Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest.OperationOneofCase;

namespace Durable.Server.Services;

/// <summary>Does batch operations in the background, one workflow after the other. What is not done when the server stops is begun again at the next start.</summary>
/// <remarks>Begun again, a workflow is not signalled or reset twice: the request ids come from the job and the run.</remarks>
internal sealed class BatchRunner(ServiceContext context)
{
    private const string Kind = "batch";
    private const int PageSize = 1000;
    private const int DueAtOnce = 1000;

    // Between two of these a crash loses nothing but the count.
    private const int SaveEvery = 100;

    private readonly ConcurrentDictionary<DocumentKey, StoredBatch> running = new();

    public async Task RecoverAsync()
    {
        foreach (var due in await context.Store.ReadDueDocumentsAsync(Kind, DateTimeOffset.MaxValue, DueAtOnce).ConfigureAwait(false))
        {
            if (await context.Store.FindDocumentAsync(due.Key).ConfigureAwait(false) is { } stored)
            {
                Run(due.Key, StoredBatch.Parser.ParseFrom(stored));
            }
        }
    }

    /// <exception cref="RpcFaultException">ALREADY_EXISTS: the job id is taken.</exception>
    public async Task StartAsync(StartBatchOperationRequest request)
    {
        var key = KeyOf(request.Namespace, request.JobId);
        var job = new StoredBatch
        {
            Request = request,
            Progress = new()
            {
                OperationType = TypeOf(request.OperationCase),
                JobId = request.JobId,
                State = BatchOperationState.Running,
                StartTime = context.Clock.GetUtcNow().ToTimestamp(),
                Identity = IdentityOf(request),
                Reason = request.Reason,
                Query = request.VisibilityQuery,
            },
        };
        if (!running.TryAdd(key, job))
        {
            throw AlreadyExists(request.JobId);
        }
        try
        {
            if (await context.Store.FindDocumentAsync(key).ConfigureAwait(false) is not null)
            {
                throw AlreadyExists(request.JobId);
            }
            await SaveAsync(key, job).ConfigureAwait(false);
        }
        catch
        {
            running.TryRemove(key, out _);
            throw;
        }
        Run(key, job);
    }

    /// <summary>What was done stays done.</summary>
    public async Task StopAsync(string namespaceName, string jobId)
    {
        var key = KeyOf(namespaceName, jobId);
        if (!running.TryGetValue(key, out var job))
        {
            await DescribeAsync(namespaceName, jobId).ConfigureAwait(false);
            return;
        }
        lock (job)
        {
            Close(job, BatchOperationState.Failed);
        }
        await SaveAsync(key, job).ConfigureAwait(false);
    }

    /// <exception cref="RpcFaultException">NOT_FOUND.</exception>
    public async Task<DescribeBatchOperationResponse> DescribeAsync(string namespaceName, string jobId)
    {
        var key = KeyOf(namespaceName, jobId);
        if (running.TryGetValue(key, out var job))
        {
            lock (job)
            {
                return job.Progress.Clone();
            }
        }
        return await context.Store.FindDocumentAsync(key).ConfigureAwait(false) is { } stored
            ? StoredBatch.Parser.ParseFrom(stored).Progress
            : throw Faults.WorkflowNotFound(jobId);
    }

    /// <summary>Ends the jobs of a namespace and takes them away.</summary>
    public async Task ForgetAllAsync(string namespaceName)
    {
        foreach (var (key, _) in await context.Store.ReadDocumentsAsync(Kind, namespaceName, null, int.MaxValue).ConfigureAwait(false))
        {
            await StopAsync(namespaceName, key.Id).ConfigureAwait(false);
            var transaction = new StoreTransaction();
            transaction.Documents.Add(new DocumentWrite(key, null));
            await context.Engine.StoreAsync(transaction).ConfigureAwait(false);
        }
    }

    /// <summary>Jobs by id, behind <paramref name="after"/>.</summary>
    public async Task<IReadOnlyList<DescribeBatchOperationResponse>> ListAsync(string namespaceName, string? after, int maximum)
    {
        var documents = await context.Store.ReadDocumentsAsync(Kind, namespaceName, after, maximum).ConfigureAwait(false);
        return [.. documents.Select(static document => StoredBatch.Parser.ParseFrom(document.Value).Progress)];
    }

    private void Run(DocumentKey key, StoredBatch job)
    {
        running.TryAdd(key, job);
        context.Engine.InBackground(async () =>
        {
            try
            {
                await RunAsync(key, job).ConfigureAwait(false);
            }
            finally
            {
                running.TryRemove(key, out _);
            }
        });
    }

    private async Task RunAsync(DocumentKey key, StoredBatch job)
    {
        var targets = await TargetsAsync(job.Request).ConfigureAwait(false);
        lock (job)
        {
            job.Progress.TotalOperationCount = targets.Count;
            job.Progress.CompleteOperationCount = 0;
            job.Progress.FailureOperationCount = 0;
        }
        var pause = job.Request.MaxOperationsPerSecond > 0 ? TimeSpan.FromSeconds(1 / job.Request.MaxOperationsPerSecond) : TimeSpan.Zero;
        for (var i = 0; i < targets.Count; i++)
        {
            context.Engine.Stopping.ThrowIfCancellationRequested();
            var isDone = await TryAsync(job.Request, targets[i]).ConfigureAwait(false);
            lock (job)
            {
                if (job.Progress.State != BatchOperationState.Running)
                {
                    return;
                }
                job.Progress.CompleteOperationCount += isDone ? 1 : 0;
                job.Progress.FailureOperationCount += isDone ? 0 : 1;
            }
            if (i % SaveEvery == SaveEvery - 1)
            {
                await SaveAsync(key, job).ConfigureAwait(false);
            }
            if (pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, context.Clock, context.Engine.Stopping).ConfigureAwait(false);
            }
        }
        lock (job)
        {
            if (job.Progress.State == BatchOperationState.Running)
            {
                Close(job, BatchOperationState.Completed);
            }
        }
        await SaveAsync(key, job).ConfigureAwait(false);
    }

    /// <summary>All of them before the first is touched: what is done to one may move it within the list.</summary>
    private async Task<IReadOnlyList<WorkflowExecution>> TargetsAsync(StartBatchOperationRequest request)
    {
        if (request.Executions.Count > 0)
        {
            return request.Executions;
        }
        var (filter, _) = VisibilityParser.Parse(request.VisibilityQuery, name => context.Namespaces.TypeOf(request.Namespace, name), count: false);
        var targets = new List<WorkflowExecution>();
        byte[]? token = null;
        do
        {
            var page = await context.Store.ListAsync(new VisibilityRequest(request.Namespace, filter, PageSize, token)).ConfigureAwait(false);
            targets.AddRange(page.Rows.Select(static row => new WorkflowExecution { WorkflowId = row.Key.WorkflowId, RunId = row.Key.RunId }));
            token = page.NextPageToken;
        }
        while (token is not null);
        return targets;
    }

    private async Task<bool> TryAsync(StartBatchOperationRequest request, WorkflowExecution target)
    {
        try
        {
            var key = await context.Engine.ResolveAsync(request.Namespace, target.WorkflowId, target.RunId).ConfigureAwait(false);
            await DoAsync(request, key).ConfigureAwait(false);
            return true;
        }
        catch (RpcFaultException refused) when (refused.Code != RpcStatusCode.Unavailable)
        {
            return false;
        }
    }

    private Task DoAsync(StartBatchOperationRequest request, RunKey key)
    {
        var requestId = $"{request.JobId}:{key.RunId}";
        return request.OperationCase switch
        {
            Operation.TerminationOperation => ChangeAsync(key, (run, now) =>
                run.Terminate(request.Reason, request.TerminationOperation.Details, request.TerminationOperation.Identity, now)),
            Operation.CancellationOperation => ChangeAsync(key, (run, now) =>
                run.RequestCancel(request.Reason, request.CancellationOperation.Identity, requestId, now)),
            Operation.SignalOperation => ChangeAsync(key, (run, now) => run.Signal(
                request.SignalOperation.Signal, request.SignalOperation.Input, request.SignalOperation.Header, request.SignalOperation.Identity, requestId, now)),
            Operation.DeletionOperation => context.DeleteRunAsync(key),
            _ => ResetAsync(request, key, requestId),
        };
    }

    private Task ChangeAsync(RunKey key, Action<Execution, DateTimeOffset> change) => context.Engine.WithRunAsync(key, (run, now) =>
    {
        change(run, now);
        return true;
    });

    private async Task ResetAsync(StartBatchOperationRequest request, RunKey key, string requestId)
    {
        var operation = request.ResetOperation;
        var reset = new ResetWorkflowExecutionRequest
        {
            Namespace = request.Namespace,
            WorkflowExecution = new() { WorkflowId = key.WorkflowId, RunId = key.RunId },
            Reason = request.Reason,
            RequestId = requestId,
            WorkflowTaskFinishEventId = await ResetPointAsync(operation, key).ConfigureAwait(false),
        };
        if (operation.Options is { } options)
        {
            reset.ResetReapplyExcludeTypes.Add(options.ResetReapplyExcludeTypes);
        }
        await context.Engine.ResetAsync(reset, key, context.Engine.Stopping).ConfigureAwait(false);
    }

    private async Task<long> ResetPointAsync(Temporalio.Api.Batch.V1.BatchOperationReset operation, RunKey key)
    {
        if (operation.Options is { TargetCase: ResetOptions.TargetOneofCase.WorkflowTaskId } given)
        {
            return given.WorkflowTaskId;
        }
#pragma warning disable CS0612 // Older clients say it in the deprecated field.
        var isFirst = operation.Options?.TargetCase == ResetOptions.TargetOneofCase.FirstWorkflowTask || operation.ResetType == ResetType.FirstWorkflowTask;
#pragma warning restore CS0612
        long found = 0;
        long from = 1;
        while (true)
        {
            var batches = await context.Engine.ReadBatchesAsync(key, from, PageSize).ConfigureAwait(false);
            foreach (var e in batches.SelectMany(static batch => History.Parser.ParseFrom(batch.Events).Events))
            {
                if (e.EventType == EventType.WorkflowTaskCompleted)
                {
                    found = e.EventId;
                    if (isFirst)
                    {
                        return found;
                    }
                }
                from = e.EventId + 1;
            }
            if (batches.Count < PageSize)
            {
                return found > 0 ? found : throw Faults.InvalidArgument("no workflow task has been completed");
            }
        }
    }

    private void Close(StoredBatch job, BatchOperationState state)
    {
        job.Progress.State = state;
        job.Progress.CloseTime = context.Clock.GetUtcNow().ToTimestamp();
    }

    private Task SaveAsync(DocumentKey key, StoredBatch job)
    {
        var transaction = new StoreTransaction();
        lock (job)
        {
            DateTimeOffset? due = job.Progress.State == BatchOperationState.Running ? job.Progress.StartTime.ToDateTimeOffset() : null;
            transaction.Documents.Add(new DocumentWrite(key, job.ToByteArray(), due));
        }
        return context.Engine.StoreAsync(transaction);
    }

    private static RpcFaultException AlreadyExists(string jobId) => new(
        RpcStatusCode.AlreadyExists, $"batch job {jobId} already exists", new WorkflowExecutionAlreadyStartedFailure());

    private static DocumentKey KeyOf(string namespaceName, string jobId) => new(Kind, namespaceName, jobId);

    private static string IdentityOf(StartBatchOperationRequest request) => request.OperationCase switch
    {
        Operation.TerminationOperation => request.TerminationOperation.Identity,
        Operation.CancellationOperation => request.CancellationOperation.Identity,
        Operation.SignalOperation => request.SignalOperation.Identity,
        Operation.DeletionOperation => request.DeletionOperation.Identity,
        _ => request.ResetOperation.Identity,
    };

    private static BatchOperationType TypeOf(Operation operation) => operation switch
    {
        Operation.TerminationOperation => BatchOperationType.Terminate,
        Operation.CancellationOperation => BatchOperationType.Cancel,
        Operation.SignalOperation => BatchOperationType.Signal,
        Operation.DeletionOperation => BatchOperationType.Delete,
        _ => BatchOperationType.Reset,
    };
}
