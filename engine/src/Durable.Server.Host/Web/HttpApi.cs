using Durable.Protocol;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Host.Web;

/// <summary>The reading part of Temporal's HTTP API: the answers of the gRPC methods as protobuf JSON, under the same paths.</summary>
internal sealed class HttpApi(RpcTransport transport)
{
    private const int PageSize = 100;

    public void Map(WebApplication app)
    {
        var api = app.MapGroup("/api/v1");
        api.MapGet("/cluster-info", () => AnswerAsync(WorkflowServiceMethods.GetClusterInfo, new GetClusterInfoRequest()));
        api.MapGet("/system-info", () => AnswerAsync(WorkflowServiceMethods.GetSystemInfo, new GetSystemInfoRequest()));
        api.MapGet("/namespaces", () => AnswerAsync(WorkflowServiceMethods.ListNamespaces, new ListNamespacesRequest { PageSize = PageSize }));
        api.MapGet("/namespaces/{ns}", (string ns) => AnswerAsync(WorkflowServiceMethods.DescribeNamespace, new DescribeNamespaceRequest { Namespace = ns }));
        api.MapGet("/namespaces/{ns}/workflows", (string ns, string? query, int? pageSize, string? nextPageToken) => AnswerAsync(
            WorkflowServiceMethods.ListWorkflowExecutions,
            () => new ListWorkflowExecutionsRequest { Namespace = ns, Query = query ?? "", PageSize = pageSize ?? PageSize, NextPageToken = Token(nextPageToken) }));
        api.MapGet("/namespaces/{ns}/workflow-count", (string ns, string? query) => AnswerAsync(
            WorkflowServiceMethods.CountWorkflowExecutions, new CountWorkflowExecutionsRequest { Namespace = ns, Query = query ?? "" }));
        api.MapGet("/namespaces/{ns}/workflows/{id}", (string ns, string id, HttpRequest request) => AnswerAsync(
            WorkflowServiceMethods.DescribeWorkflowExecution,
            new DescribeWorkflowExecutionRequest { Namespace = ns, Execution = new() { WorkflowId = id, RunId = RunId(request) } }));
        api.MapGet("/namespaces/{ns}/workflows/{id}/history", (string ns, string id, int? maximumPageSize, string? nextPageToken, HttpRequest request) => AnswerAsync(
            WorkflowServiceMethods.GetWorkflowExecutionHistory,
            () => new GetWorkflowExecutionHistoryRequest
            {
                Namespace = ns, Execution = new() { WorkflowId = id, RunId = RunId(request) }, MaximumPageSize = maximumPageSize ?? 0, NextPageToken = Token(nextPageToken),
            }));
        api.MapGet("/namespaces/{ns}/workflows/{id}/history-reverse", (string ns, string id, int? maximumPageSize, string? nextPageToken, HttpRequest request) => AnswerAsync(
            WorkflowServiceMethods.GetWorkflowExecutionHistoryReverse,
            () => new GetWorkflowExecutionHistoryReverseRequest
            {
                Namespace = ns, Execution = new() { WorkflowId = id, RunId = RunId(request) }, MaximumPageSize = maximumPageSize ?? 0, NextPageToken = Token(nextPageToken),
            }));
        api.MapGet("/namespaces/{ns}/task-queues/{queue}", (string ns, string queue, HttpRequest request) => AnswerAsync(
            WorkflowServiceMethods.DescribeTaskQueue,
            () => new DescribeTaskQueueRequest { Namespace = ns, TaskQueue = new() { Name = queue }, TaskQueueType = QueueType(request.Query["taskQueueType"]) }));
    }

    private Task<IResult> AnswerAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, TRequest request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
        => AnswerAsync(method, () => request);

    private async Task<IResult> AnswerAsync<TRequest, TResponse>(RpcMethod<TRequest, TResponse> method, Func<TRequest> request)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse>
    {
        try
        {
            var answer = await transport.CallAsync(method, request(), default, CancellationToken.None).ConfigureAwait(false);
            return Results.Text(JsonFormatter.Default.Format(answer), "application/json");
        }
        catch (RpcFaultException fault)
        {
            return Results.Json(new { code = (int)fault.Code, message = fault.Message }, statusCode: StatusOf(fault.Code));
        }
    }

    internal static int StatusOf(RpcStatusCode code) => code switch
    {
        RpcStatusCode.InvalidArgument or RpcStatusCode.FailedPrecondition or RpcStatusCode.OutOfRange => StatusCodes.Status400BadRequest,
        RpcStatusCode.NotFound => StatusCodes.Status404NotFound,
        RpcStatusCode.AlreadyExists => StatusCodes.Status409Conflict,
        RpcStatusCode.ResourceExhausted => StatusCodes.Status429TooManyRequests,
        RpcStatusCode.Unimplemented => StatusCodes.Status501NotImplemented,
        RpcStatusCode.Unavailable => StatusCodes.Status503ServiceUnavailable,
        _ => StatusCodes.Status500InternalServerError,
    };

    internal static ByteString Token(string? text)
    {
        try
        {
            return string.IsNullOrEmpty(text) ? ByteString.Empty : ByteString.FromBase64(text);
        }
        catch (FormatException)
        {
            throw new RpcFaultException(RpcStatusCode.InvalidArgument, "Invalid NextPageToken.");
        }
    }

    private static string RunId(HttpRequest request) => request.Query["execution.runId"].ToString();

    private static TaskQueueType QueueType(string? text) =>
        text is "2" or "TASK_QUEUE_TYPE_ACTIVITY" ? TaskQueueType.Activity : TaskQueueType.Workflow;
}
