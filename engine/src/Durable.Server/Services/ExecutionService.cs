using Durable.Protocol;
using Durable.Server.Engine;
using Durable.Server.Executions;
using Durable.Server.Storage;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.History.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What clients do to a run that is there: signal, query, cancel, terminate, describe, read its history, delete it.</summary>
internal sealed class ExecutionService(ServiceContext context)
{
    private const int DefaultPageBatches = 256;
    private static readonly TimeSpan HistoryWait = TimeSpan.FromSeconds(20);

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.SignalWorkflowExecution, SignalAsync);
        context.Map(router, WorkflowServiceMethods.QueryWorkflow, QueryAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.RequestCancelWorkflowExecution, CancelAsync);
        context.Map(router, WorkflowServiceMethods.TerminateWorkflowExecution, TerminateAsync);
        context.Map(router, WorkflowServiceMethods.UpdateWorkflowExecutionOptions, UpdateOptionsAsync);
        context.Map(router, WorkflowServiceMethods.DescribeWorkflowExecution, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.DeleteWorkflowExecution, DeleteAsync);
        context.Map(router, WorkflowServiceMethods.GetWorkflowExecutionHistory, HistoryAsync, isPoll: true);
        context.Map(router, WorkflowServiceMethods.GetWorkflowExecutionHistoryReverse, HistoryReverseAsync);
    }

    private async Task<SignalWorkflowExecutionResponse> SignalAsync(SignalWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireExecution(request.WorkflowExecution);
        if (request.SignalName.Length == 0)
        {
            throw Faults.InvalidArgument("SignalName is not set on request.");
        }
        ServiceContext.RequireLength(request.SignalName, "SignalName");
        ServiceContext.RequireLength(request.RequestId, "RequestId");
        context.RequireBlob(request.Input);
        var (key, _) = await context.WithNamedRunAsync(request.Namespace, request.WorkflowExecution, "", (run, now) =>
        {
            run.Signal(request.SignalName, request.Input, request.Header, request.Identity, request.RequestId, now);
            return true;
        }).ConfigureAwait(false);
        return new() { Link = Links.ToRequest(key, request.RequestId, EventType.WorkflowExecutionSignaled) };
    }

    private async Task<QueryWorkflowResponse> QueryAsync(QueryWorkflowRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        if (request.Query is null || request.Query.QueryType.Length == 0)
        {
            throw Faults.InvalidArgument("QueryType is not set on request.");
        }
        context.RequireBlob(request.Query.QueryArgs);
        var key = await context.ResolveAsync(request.Namespace, request.Execution, "").ConfigureAwait(false);
        return await context.Engine.QueryAsync(key, request.Query, request.QueryRejectCondition, call.Timeout, call.CancellationToken).ConfigureAwait(false);
    }

    private async Task<RequestCancelWorkflowExecutionResponse> CancelAsync(RequestCancelWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireLength(request.RequestId, "RequestId");
        await context.WithNamedRunAsync(request.Namespace, request.WorkflowExecution, request.FirstExecutionRunId, (run, now) =>
        {
            run.RequestCancel(request.Reason, request.Identity, request.RequestId, now);
            return true;
        }).ConfigureAwait(false);
        return new();
    }

    private async Task<TerminateWorkflowExecutionResponse> TerminateAsync(TerminateWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        await context.WithNamedRunAsync(request.Namespace, request.WorkflowExecution, request.FirstExecutionRunId, (run, now) =>
        {
            run.Terminate(request.Reason, request.Details, request.Identity, now);
            return true;
        }).ConfigureAwait(false);
        return new();
    }

    private async Task<UpdateWorkflowExecutionOptionsResponse> UpdateOptionsAsync(UpdateWorkflowExecutionOptionsRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        if (request.WorkflowExecutionOptions is not { } options)
        {
            throw Faults.InvalidArgument("WorkflowExecutionOptions are not set on request.");
        }
        if (Priorities.Check(options.Priority) is { } wrong)
        {
            throw Faults.InvalidArgument(wrong);
        }
        options.VersioningOverride = Versioning.Read(options.VersioningOverride);
        var key = await context.ResolveAsync(request.Namespace, request.WorkflowExecution, "").ConfigureAwait(false);
        if (options.VersioningOverride?.Pinned is { } pinned)
        {
            context.RequireVersion(request.Namespace, await context.Engine.WithRunAsync(key, static (run, _) => run.TaskQueue).ConfigureAwait(false), pinned.Version);
        }
        return await context.Engine.WithRunAsync(key, (run, now) => new UpdateWorkflowExecutionOptionsResponse
        {
            WorkflowExecutionOptions = run.UpdateOptions(options, request.UpdateMask?.Paths ?? [], request.Identity, now),
            UpdateTime = now.ToTimestamp(),
        }).ConfigureAwait(false);
    }

    private async Task<DescribeWorkflowExecutionResponse> DescribeAsync(DescribeWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var key = await context.ResolveAsync(request.Namespace, request.Execution, "").ConfigureAwait(false);
        return await context.Engine.WithRunAsync(key, static (run, _) => run.Describe()).ConfigureAwait(false);
    }

    private async Task<DeleteWorkflowExecutionResponse> DeleteAsync(DeleteWorkflowExecutionRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var key = await context.ResolveAsync(request.Namespace, request.WorkflowExecution, "").ConfigureAwait(false);
        await context.DeleteRunAsync(key).ConfigureAwait(false);
        return new();
    }

    private async Task<GetWorkflowExecutionHistoryResponse> HistoryAsync(GetWorkflowExecutionHistoryRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireExecution(request.Execution);
        RunKey key;
        var token = new HistoryPageToken("", 1, 0, Tail: false);
        if (request.NextPageToken.IsEmpty)
        {
            key = await context.Engine.ResolveAsync(request.Namespace, request.Execution.WorkflowId, request.Execution.RunId).ConfigureAwait(false);
            token = token with { RunId = key.RunId };
        }
        else
        {
            token = HistoryPageToken.Decode(request.NextPageToken);
            key = new RunKey(request.Namespace, request.Execution.WorkflowId, token.RunId);
        }
        return request.HistoryEventFilterType == HistoryEventFilterType.CloseEvent
            ? await CloseEventAsync(key, token, request.WaitNewEvent, call.CancellationToken).ConfigureAwait(false)
            : await AllEventsAsync(key, token, request, call.CancellationToken).ConfigureAwait(false);
    }

    private async Task<GetWorkflowExecutionHistoryResponse> CloseEventAsync(RunKey key, HistoryPageToken token, bool wait, CancellationToken cancellationToken)
    {
        var view = await context.Engine.WaitHistoryAsync(key, static view => !view.IsRunning, HistoryWait, cancellationToken).ConfigureAwait(false);
        var response = new GetWorkflowExecutionHistoryResponse { History = new History() };
        if (view.IsRunning)
        {
            response.NextPageToken = wait ? token.Encode() : Google.Protobuf.ByteString.Empty;
            return response;
        }
        var batches = await context.Engine.ReadBatchesReverseAsync(key, view.NextEventId, 1).ConfigureAwait(false);
        response.History.Events.Add(History.Parser.ParseFrom(batches[0].Events).Events[^1]);
        return response;
    }

    private async Task<GetWorkflowExecutionHistoryResponse> AllEventsAsync(
        RunKey key, HistoryPageToken token, GetWorkflowExecutionHistoryRequest request, CancellationToken cancellationToken)
    {
        var view = await context.Engine.WaitHistoryAsync(
            key, view => !request.WaitNewEvent || !view.IsRunning || view.NextEventId > token.Next, HistoryWait, cancellationToken).ConfigureAwait(false);
        var maximum = request.MaximumPageSize is > 0 and <= DefaultPageBatches ? request.MaximumPageSize : DefaultPageBatches;
        var response = new GetWorkflowExecutionHistoryResponse { History = new History() };
        var before = token.Before > 0 ? token.Before : view.NextEventId;
        var next = token.Next;
        var batches = next < before ? await context.Engine.ReadBatchesAsync(key, next, maximum).ConfigureAwait(false) : [];
        var bytes = 0;
        foreach (var batch in batches)
        {
            if (bytes >= ServerEngine.PageBytes)
            {
                break;
            }
            bytes += batch.Events.Length;
            foreach (var e in History.Parser.ParseFrom(batch.Events).Events)
            {
                if (e.EventId >= next && e.EventId < before)
                {
                    response.History.Events.Add(e);
                    next = e.EventId + 1;
                }
            }
        }
        if (next < before)
        {
            response.NextPageToken = (token with { Next = next, Before = request.WaitNewEvent ? token.Before : before, Tail = token.Tail || token.Before == 0 }).Encode();
        }
        else
        {
            if (!request.WaitNewEvent && (token.Tail || token.Before == 0))
            {
                response.History.Events.AddRange(view.VirtualEvents);
            }
            if (request.WaitNewEvent && view.IsRunning)
            {
                response.NextPageToken = (token with { Next = next, Before = 0 }).Encode();
            }
        }
        return response;
    }

    private async Task<GetWorkflowExecutionHistoryReverseResponse> HistoryReverseAsync(GetWorkflowExecutionHistoryReverseRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        ServiceContext.RequireExecution(request.Execution);
        RunKey key;
        long before;
        if (request.NextPageToken.IsEmpty)
        {
            key = await context.Engine.ResolveAsync(request.Namespace, request.Execution.WorkflowId, request.Execution.RunId).ConfigureAwait(false);
            before = await context.Engine.WithRunAsync(key, static (run, _) => run.NextEventId).ConfigureAwait(false);
        }
        else
        {
            var token = HistoryPageToken.Decode(request.NextPageToken);
            key = new RunKey(request.Namespace, request.Execution.WorkflowId, token.RunId);
            before = token.Next;
        }
        var maximum = request.MaximumPageSize is > 0 and <= DefaultPageBatches ? request.MaximumPageSize : DefaultPageBatches;
        var response = new GetWorkflowExecutionHistoryReverseResponse { History = new History() };
        foreach (var batch in await context.Engine.ReadBatchesReverseAsync(key, before, maximum).ConfigureAwait(false))
        {
            var events = History.Parser.ParseFrom(batch.Events).Events;
            for (var i = events.Count - 1; i >= 0; i--)
            {
                response.History.Events.Add(events[i]);
            }
        }
        if (response.History.Events is [.., { EventId: > 1 } last])
        {
            response.NextPageToken = new HistoryPageToken(key.RunId, last.EventId, 0, Tail: false).Encode();
        }
        return response;
    }
}
