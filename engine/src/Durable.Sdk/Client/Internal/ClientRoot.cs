using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.ErrorDetails.V1;
using Temporalio.Api.WorkflowService.V1;
using Temporalio.Client.Interceptors;
using Temporalio.Converters;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Client.Internal;

/// <summary>The end of the interceptor chain: makes the calls.</summary>
internal sealed partial class ClientRoot(TemporalClient client) : ClientOutboundInterceptor
{
    private static readonly string DefaultIdentity = $"{Environment.ProcessId}@{Environment.MachineName}";

    /// <summary>Calls of the client are tried again unless the options say no; raw calls of the services only if they say yes.</summary>
    public static RpcOptions Retried(RpcOptions? options)
    {
        if (options?.Retry is not null)
        {
            return options;
        }
        var copy = options is null ? new RpcOptions() : (RpcOptions)options.Clone();
        copy.Retry = true;
        return copy;
    }

    public static string IdentityOf(ITemporalClient client) => client.Connection.Options.Identity ?? DefaultIdentity;

    public override async Task<WorkflowHandle<TWorkflow, TResult>> StartWorkflowAsync<TWorkflow, TResult>(StartWorkflowInput input)
    {
        var options = input.Options;
        try
        {
            string runId;
            if (options.StartSignal is null)
            {
                var request = await StartRequestAsync(input.Workflow, input.Args, options, input.Headers).ConfigureAwait(false);
                // Only a worker on this connection can take the first task from the answer.
                using var eager = options.RequestEagerStart
                    ? (client.Connection as TemporalConnection)?.EagerWorkers.TryReserve(request.Namespace, request.TaskQueue.Name)
                    : null;
                request.RequestEagerExecution = eager is not null;
                var response = await client.WorkflowService.StartWorkflowExecutionAsync(request, Retried(options.Rpc)).ConfigureAwait(false);
                eager?.Run(response.EagerWorkflowTask);
                runId = response.RunId;
            }
            else
            {
                var request = await SignalWithStartRequestAsync(input).ConfigureAwait(false);
                runId = (await client.WorkflowService.SignalWithStartWorkflowExecutionAsync(request, Retried(options.Rpc)).ConfigureAwait(false)).RunId;
            }
            return new WorkflowHandle<TWorkflow, TResult>(client, options.Id!, null, runId, runId);
        }
        catch (RpcException fault) when (AlreadyStarted(fault, options.Id!, input.Workflow) is { } already)
        {
            throw already;
        }
    }

    public override async Task SignalWorkflowAsync(SignalWorkflowInput input) =>
        await client.WorkflowService.SignalWorkflowExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" },
                SignalName = input.Signal,
                Input = await ConverterFor(input.Id).EncodeAsync(input.Args).ConfigureAwait(false),
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
                Header = await ConverterFor(input.Id).HeaderAsync(input.Headers).ConfigureAwait(false),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);

    public override async Task<TResult> QueryWorkflowAsync<TResult>(QueryWorkflowInput input)
    {
        var converter = ConverterFor(input.Id);
        var request = new QueryWorkflowRequest
        {
            Namespace = client.Options.Namespace,
            Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" },
            Query = new()
            {
                QueryType = input.Query,
                QueryArgs = await converter.EncodeAsync(input.Args).ConfigureAwait(false),
                Header = await converter.HeaderAsync(input.Headers).ConfigureAwait(false),
            },
            QueryRejectCondition = input.Options?.RejectCondition ?? client.Options.QueryRejectCondition ?? QueryRejectCondition.Unspecified,
        };
        QueryWorkflowResponse response;
        try
        {
            response = await client.WorkflowService.QueryWorkflowAsync(request, Retried(input.Options?.Rpc)).ConfigureAwait(false);
        }
        catch (RpcException fault) when (DetailOf<QueryFailedFailure>(fault) is not null)
        {
            throw new WorkflowQueryFailedException(fault.Message);
        }
        return response.QueryRejected is { } rejected
            ? throw new WorkflowQueryRejectedException(rejected.Status)
            : await converter.DecodeAsync<TResult>(response.QueryResult).ConfigureAwait(false);
    }

    public override async Task<WorkflowUpdateHandle<TResult>> StartWorkflowUpdateAsync<TResult>(StartWorkflowUpdateInput input)
    {
        RequireStage(input.Options.WaitForStage);
        var request = await UpdateRequestAsync(input.Id, input.RunId, input.FirstExecutionRunId, input.Update, input.Args, input.Options, input.Options.WaitForStage, input.Headers).ConfigureAwait(false);
        // Admitted is not durable: the same request goes out again until the worker has accepted it.
        var response = await Updates.GuardAsync(async () =>
        {
            while (true)
            {
                var answer = await client.WorkflowService.UpdateWorkflowExecutionAsync(request, Retried(input.Options.Rpc)).ConfigureAwait(false);
                if (answer.Stage >= UpdateWorkflowExecutionLifecycleStage.Accepted)
                {
                    return answer;
                }
            }
        }).ConfigureAwait(false);
        var handle = ToHandle<TResult>(input.Id, request.Request.Meta.UpdateId, response);
        return await UntilStageAsync(handle, input.Options.WaitForStage, input.Options.Rpc).ConfigureAwait(false);
    }

    public override async Task<WorkflowExecutionDescription> DescribeWorkflowAsync(DescribeWorkflowInput input) => new(
        await client.WorkflowService.DescribeWorkflowExecutionAsync(
            new() { Namespace = client.Options.Namespace, Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" } },
            Retried(input.Options?.Rpc)).ConfigureAwait(false),
        ConverterFor(input.Id));

    public override async Task CancelWorkflowAsync(CancelWorkflowInput input) =>
        await client.WorkflowService.RequestCancelWorkflowExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" },
                FirstExecutionRunId = input.FirstExecutionRunId ?? "",
                Identity = IdentityOf(client),
                RequestId = Guid.NewGuid().ToString(),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);

    public override async Task TerminateWorkflowAsync(TerminateWorkflowInput input) =>
        await client.WorkflowService.TerminateWorkflowExecutionAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                WorkflowExecution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" },
                FirstExecutionRunId = input.FirstExecutionRunId ?? "",
                Reason = input.Reason ?? "",
                Details = input.Options?.Details is { } details ? await ConverterFor(input.Id).EncodeAsync(details).ConfigureAwait(false) : null,
                Identity = IdentityOf(client),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);

    public override async Task<WorkflowHistoryEventPage> FetchWorkflowHistoryEventPageAsync(FetchWorkflowHistoryEventPageInput input)
    {
        var request = new GetWorkflowExecutionHistoryRequest
        {
            Namespace = client.Options.Namespace,
            Execution = new() { WorkflowId = input.Id, RunId = input.RunId ?? "" },
            MaximumPageSize = input.PageSize ?? 0,
            NextPageToken = Token(input.NextPageToken),
            WaitNewEvent = input.WaitNewEvent,
            HistoryEventFilterType = input.EventFilterType,
            SkipArchival = input.SkipArchival,
        };
        while (true)
        {
            var response = await client.WorkflowService.GetWorkflowExecutionHistoryAsync(request, Retried(input.Rpc)).ConfigureAwait(false);
            // A wait that the server has cut short is no page, and neither is the answer without a history that some servers give to one.
            var isCutShort = response.History is null ? input.WaitNewEvent : response.History.Events.Count == 0 && !response.NextPageToken.IsEmpty;
            if (!isCutShort)
            {
                return new WorkflowHistoryEventPage(response.History?.Events ?? [], Token(response.NextPageToken));
            }
            request.NextPageToken = response.NextPageToken;
        }
    }

    public override IAsyncEnumerable<WorkflowExecution> ListWorkflowsAsync(ListWorkflowsInput input) => PagedAsync(
        input.Options?.Limit ?? 0,
        input.Options?.Rpc,
        async (token, rpc) =>
        {
            var page = await client.OutboundInterceptor.ListWorkflowsPaginatedAsync(
                new(input.Query, token, new WorkflowListPaginatedOptions { Rpc = rpc })).ConfigureAwait(false);
            return (page.Workflows, page.NextPageToken);
        });

    public override async Task<WorkflowListPage> ListWorkflowsPaginatedAsync(ListWorkflowsPaginatedInput input)
    {
        var response = await client.WorkflowService.ListWorkflowExecutionsAsync(
            new()
            {
                Namespace = client.Options.Namespace,
                Query = input.Query,
                PageSize = input.Options?.PageSize ?? 0,
                NextPageToken = Token(input.NextPageToken),
            },
            Retried(input.Options?.Rpc)).ConfigureAwait(false);
        return new WorkflowListPage(
            [.. response.Executions.Select(info => new WorkflowExecution(info, client.Options.DataConverter, client.Options.Namespace))],
            Token(response.NextPageToken));
    }

    public override async Task<WorkflowExecutionCount> CountWorkflowsAsync(CountWorkflowsInput input) => new(
        await client.WorkflowService.CountWorkflowExecutionsAsync(new() { Namespace = client.Options.Namespace, Query = input.Query }, Retried(input.Options?.Rpc)).ConfigureAwait(false));

    private static void RequireStage(WorkflowUpdateStage stage)
    {
        switch (stage)
        {
            case WorkflowUpdateStage.None:
                throw new ArgumentException("WaitForStage is required to start workflow update");
            case WorkflowUpdateStage.Admitted:
                throw new ArgumentException("Admitted is not an allowed wait stage to start workflow update");
        }
    }

    /// <summary>Accepted when completed was asked for: the wait goes on by polling.</summary>
    private static async Task<WorkflowUpdateHandle<T>> UntilStageAsync<T>(WorkflowUpdateHandle<T> handle, WorkflowUpdateStage stage, RpcOptions? rpc)
    {
        if (stage == WorkflowUpdateStage.Completed && handle.KnownOutcome is null)
        {
            return handle with { KnownOutcome = await Updates.PollAsync(handle.Client, handle, rpc).ConfigureAwait(false) };
        }
        return handle;
    }

    private WorkflowUpdateHandle<T> ToHandle<T>(string workflowId, string updateId, UpdateWorkflowExecutionResponse response) =>
        new(client, updateId, workflowId, response.UpdateRef?.WorkflowExecution?.RunId) { KnownOutcome = response.Outcome };

    private DataConverter ConverterFor(string workflowId) => client.Options.DataConverter.For(client.Options.Namespace, workflowId);

    private static TDetail? DetailOf<TDetail>(RpcException fault)
        where TDetail : class, IMessage<TDetail>, new()
    {
        foreach (var detail in fault.GrpcStatus.Value?.Details ?? [])
        {
            if (detail.TryUnpack<TDetail>(out var unpacked))
            {
                return unpacked;
            }
        }
        return null;
    }

    private static WorkflowAlreadyStartedException? AlreadyStarted(RpcException fault, string id, string type) =>
        fault.Code == RpcException.StatusCode.AlreadyExists && DetailOf<WorkflowExecutionAlreadyStartedFailure>(fault) is { } detail
            ? new WorkflowAlreadyStartedException(fault.Message, id, type, detail.RunId)
            : null;
}
