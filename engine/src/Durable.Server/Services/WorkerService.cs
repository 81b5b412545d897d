using Durable.Protocol;
using Durable.Server.Executions;
using Durable.Server.Visibility;
using Durable.Server.Workers;
using Google.Protobuf;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.Worker.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>Which workers there are, from their heartbeats.</summary>
internal sealed class WorkerService(ServiceContext context, WorkerRegistry workers)
{
    // Queues that SDKs and the server use for themselves.
    private const string SystemPrefix = "temporal-sys";

    private static readonly Dictionary<string, IndexedValueType> Attributes = new(StringComparer.Ordinal)
    {
        ["WorkerInstanceKey"] = IndexedValueType.Keyword,
        ["WorkerIdentity"] = IndexedValueType.Keyword,
        ["HostName"] = IndexedValueType.Keyword,
        ["TaskQueue"] = IndexedValueType.Keyword,
        ["SdkName"] = IndexedValueType.Keyword,
        ["SdkVersion"] = IndexedValueType.Keyword,
        ["StartTime"] = IndexedValueType.Datetime,
        ["HeartbeatTime"] = IndexedValueType.Datetime,
        ["WorkerStatus"] = IndexedValueType.Keyword,
        ["Status"] = IndexedValueType.Keyword,
    };

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.RecordWorkerHeartbeat, RecordAsync);
        context.Map(router, WorkflowServiceMethods.ListWorkers, ListAsync);
        context.Map(router, WorkflowServiceMethods.CountWorkers, CountAsync);
        context.Map(router, WorkflowServiceMethods.DescribeWorker, DescribeAsync);
    }

    private Task<RecordWorkerHeartbeatResponse> RecordAsync(RecordWorkerHeartbeatRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        foreach (var heartbeat in request.WorkerHeartbeat)
        {
            workers.Record(request.Namespace, heartbeat);
        }
        return Task.FromResult(new RecordWorkerHeartbeatResponse());
    }

    private Task<ListWorkersResponse> ListAsync(ListWorkersRequest request, RpcServerCall call)
    {
        var after = request.NextPageToken.ToStringUtf8();
        var rest = Find(request.Namespace, request.Query, request.IncludeSystemWorkers)
            .Where(found => string.CompareOrdinal(found.WorkerInstanceKey, after) > 0);
        var page = request.PageSize > 0 ? rest.Take(request.PageSize + 1).ToArray() : [.. rest];
        var response = new ListWorkersResponse();
        if (request.PageSize > 0 && page.Length > request.PageSize)
        {
            page = page[..request.PageSize];
            response.NextPageToken = ByteString.CopyFromUtf8(page[^1].WorkerInstanceKey);
        }
        foreach (var worker in page)
        {
#pragma warning disable CS0612 // Older clients read only this list.
            response.WorkersInfo.Add(new WorkerInfo { WorkerHeartbeat = worker });
#pragma warning restore CS0612
            response.Workers.Add(ToListed(worker));
        }
        return Task.FromResult(response);
    }

    private Task<CountWorkersResponse> CountAsync(CountWorkersRequest request, RpcServerCall call) =>
        Task.FromResult(new CountWorkersResponse { Count = Find(request.Namespace, request.Query, request.IncludeSystemWorkers).Count() });

    private Task<DescribeWorkerResponse> DescribeAsync(DescribeWorkerRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        var worker = workers.Find(request.Namespace, request.WorkerInstanceKey) ?? throw Faults.NotFound($"worker not found: {request.WorkerInstanceKey}");
        return Task.FromResult(new DescribeWorkerResponse { WorkerInfo = new() { WorkerHeartbeat = worker } });
    }

    private IEnumerable<WorkerHeartbeat> Find(string namespaceName, string query, bool systemToo)
    {
        context.Namespaces.Require(namespaceName);
        var (filter, _) = VisibilityParser.Parse(query, static name => Attributes.TryGetValue(name, out var type) ? type : null, count: false);
        return workers.All(namespaceName).Where(worker =>
            (systemToo || !worker.TaskQueue.StartsWith(SystemPrefix, StringComparison.Ordinal))
            && (filter is null || VisibilityFilter.Matches(filter, name => Values(worker, name))));
    }

    private static IReadOnlyList<object> Values(WorkerHeartbeat worker, string name)
    {
        object? value = name switch
        {
            "WorkerInstanceKey" => worker.WorkerInstanceKey,
            "WorkerIdentity" => worker.WorkerIdentity,
            "HostName" => worker.HostInfo?.HostName,
            "TaskQueue" => worker.TaskQueue,
            "SdkName" => worker.SdkName,
            "SdkVersion" => worker.SdkVersion,
            "StartTime" => worker.StartTime?.ToDateTimeOffset(),
            "HeartbeatTime" => worker.HeartbeatTime?.ToDateTimeOffset(),
            _ => worker.Status.ToString(),
        };
        return value is null or "" ? [] : [value];
    }

    private static WorkerListInfo ToListed(WorkerHeartbeat worker)
    {
        var listed = new WorkerListInfo
        {
            WorkerInstanceKey = worker.WorkerInstanceKey,
            WorkerIdentity = worker.WorkerIdentity,
            TaskQueue = worker.TaskQueue,
            SdkName = worker.SdkName,
            SdkVersion = worker.SdkVersion,
            Status = worker.Status,
            StartTime = worker.StartTime,
            HostName = worker.HostInfo?.HostName ?? "",
            WorkerGroupingKey = worker.HostInfo?.WorkerGroupingKey ?? "",
            ProcessId = worker.HostInfo?.ProcessId ?? "",
        };
        listed.Plugins.AddRange(worker.Plugins);
        listed.Drivers.AddRange(worker.Drivers);
        return listed;
    }
}
