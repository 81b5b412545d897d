using Durable.Protocol;
using Durable.Server.Matching;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What is told of task queues: who polls them and how much waits, in the plain and in the enhanced form.</summary>
internal sealed class TaskQueueService(ServiceContext context)
{
    /// <summary>The build id under which the enhanced form tells of workers without versioning.</summary>
    private const string Unversioned = "";

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.DescribeTaskQueue, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.ListTaskQueuePartitions, ListPartitionsAsync);
    }

    private Task<DescribeTaskQueueResponse> DescribeAsync(DescribeTaskQueueRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        TaskService.RequireTaskQueue(request.TaskQueue);
#pragma warning disable CS0612 // The genuine server still fills these in, and its command line asks for the enhanced form.
        var response = new DescribeTaskQueueResponse
        {
            VersioningInfo = new() { CurrentVersion = "__unversioned__", UpdateTime = new Timestamp { Seconds = -62_135_596_800 } },
            EffectiveRateLimit = new() { RequestsPerSecond = 4000, RateLimitSource = RateLimitSource.System },
        };
        if (request.ApiMode == DescribeTaskQueueMode.Enhanced)
        {
            response.VersionsInfo[Unversioned] = Versions(request);
            return Task.FromResult(response);
        }
        var key = KeyOf(request, request.TaskQueueType);
        response.Pollers.AddRange(Pollers(key));
        if (request.ReportStats)
        {
            response.Stats = Stats(key);
        }
        if (request.IncludeTaskQueueStatus)
        {
            response.TaskQueueStatus = new() { BacklogCountHint = context.Matcher.Backlog(key), RatePerSecond = 100_000, TaskIdBlock = new() { StartId = 1, EndId = 100_000 } };
        }
#pragma warning restore CS0612
        return Task.FromResult(response);
    }

    private TaskQueueVersionInfo Versions(DescribeTaskQueueRequest request)
    {
        var version = new TaskQueueVersionInfo();
        IEnumerable<TaskQueueType> types = request.TaskQueueTypes.Count > 0 ? request.TaskQueueTypes : [TaskQueueType.Workflow, TaskQueueType.Activity];
        foreach (var type in types.Distinct())
        {
            var key = KeyOf(request, type);
            var info = new TaskQueueTypeInfo();
            if (request.ReportPollers)
            {
                info.Pollers.AddRange(Pollers(key));
            }
            if (request.ReportStats)
            {
                info.Stats = Stats(key);
            }
            version.TypesInfo[(int)type] = info;
        }
        return version;
    }

    /// <summary>One: a queue here is whole.</summary>
    private Task<ListTaskQueuePartitionsResponse> ListPartitionsAsync(ListTaskQueuePartitionsRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        TaskService.RequireTaskQueue(request.TaskQueue);
        var partition = new TaskQueuePartitionMetadata { Key = request.TaskQueue.Name };
        return Task.FromResult(new ListTaskQueuePartitionsResponse
        {
            WorkflowTaskQueuePartitions = { partition },
            ActivityTaskQueuePartitions = { partition.Clone() },
        });
    }

    private static TaskQueueKey KeyOf(DescribeTaskQueueRequest request, TaskQueueType type) =>
        new(request.Namespace, request.TaskQueue.Name, type == TaskQueueType.Unspecified ? TaskQueueType.Workflow : type);

    private IEnumerable<PollerInfo> Pollers(TaskQueueKey key) => context.Matcher.Pollers(key).Select(seen => new PollerInfo
    {
        Identity = seen.Identity,
        LastAccessTime = Timestamp.FromDateTimeOffset(seen.LastAccess),
        RatePerSecond = context.Matcher.RateOf(key) ?? 100_000,
    });

    private TaskQueueStats Stats(TaskQueueKey key) => new() { ApproximateBacklogCount = context.Matcher.Backlog(key), ApproximateBacklogAge = new() };
}
