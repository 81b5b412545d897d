using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Visibility;
using Google.Protobuf;
using Temporalio.Api.Batch.V1;
using Temporalio.Api.Common.V1;
using Temporalio.Api.WorkflowService.V1;
using Operation = Temporalio.Api.WorkflowService.V1.StartBatchOperationRequest.OperationOneofCase;

namespace Durable.Server.Services;

/// <summary>Batch operations: one call to terminate, cancel, signal, delete or reset all workflows of a query or a list.</summary>
internal sealed class BatchService(ServiceContext context, BatchRunner batches)
{
    private const int MaximumPage = 1000;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.StartBatchOperation, StartAsync);
        context.Map(router, WorkflowServiceMethods.StopBatchOperation, StopAsync);
        context.Map(router, WorkflowServiceMethods.DescribeBatchOperation, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.ListBatchOperations, ListAsync);
    }

    private async Task<StartBatchOperationResponse> StartAsync(StartBatchOperationRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.JobId);
        if (request.Reason.Length == 0)
        {
            throw Faults.InvalidArgument("Reason is not set on request.");
        }
        if (request.VisibilityQuery.Length > 0 == request.Executions.Count > 0)
        {
            throw Faults.InvalidArgument("Exactly one of VisibilityQuery and Executions must be set on request.");
        }
        VisibilityParser.Parse(request.VisibilityQuery, name => context.Namespaces.TypeOf(request.Namespace, name), count: false);
        switch (request.OperationCase)
        {
            case Operation.None:
                throw Faults.InvalidArgument("Batch operation is not set on request.");
            case Operation.SignalOperation when request.SignalOperation.Signal.Length == 0:
                throw Faults.InvalidArgument("SignalName is not set on request.");
            case Operation.ResetOperation when request.ResetOperation.Options?.TargetCase == ResetOptions.TargetOneofCase.BuildId:
                throw Faults.InvalidArgument("Reset to a build id is not supported by this server.");
            case Operation.TerminationOperation or Operation.CancellationOperation or Operation.SignalOperation or Operation.DeletionOperation or Operation.ResetOperation:
                await batches.StartAsync(request).ConfigureAwait(false);
                return new StartBatchOperationResponse();
            default:
                throw Faults.InvalidArgument($"Batch operation {request.OperationCase} is not supported by this server.");
        }
    }

    private async Task<StopBatchOperationResponse> StopAsync(StopBatchOperationRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.JobId);
        if (request.Reason.Length == 0)
        {
            throw Faults.InvalidArgument("Reason is not set on request.");
        }
        await batches.StopAsync(request.Namespace, request.JobId).ConfigureAwait(false);
        return new StopBatchOperationResponse();
    }

    private async Task<DescribeBatchOperationResponse> DescribeAsync(DescribeBatchOperationRequest request, RpcServerCall call)
    {
        Require(request.Namespace, request.JobId);
        return await batches.DescribeAsync(request.Namespace, request.JobId).ConfigureAwait(false);
    }

    private async Task<ListBatchOperationsResponse> ListAsync(ListBatchOperationsRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var size = request.PageSize is > 0 and <= MaximumPage ? request.PageSize : MaximumPage;
        var after = request.NextPageToken.IsEmpty ? null : request.NextPageToken.ToStringUtf8();
        var page = await batches.ListAsync(request.Namespace, after, size).ConfigureAwait(false);
        var response = new ListBatchOperationsResponse();
        response.OperationInfo.AddRange(page.Select(static job => new BatchOperationInfo
        {
            JobId = job.JobId,
            State = job.State,
            StartTime = job.StartTime,
            CloseTime = job.CloseTime,
            OperationType = job.OperationType,
        }));
        if (page.Count == size)
        {
            response.NextPageToken = ByteString.CopyFromUtf8(page[^1].JobId);
        }
        return response;
    }

    private void Require(string namespaceName, string jobId)
    {
        context.Namespaces.Require(namespaceName);
        ServiceContext.RequireId(jobId, "JobId");
    }
}
