using Durable.Protocol;
using Durable.Server.Deployments;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Google.Protobuf.WellKnownTypes;
using Temporalio.Api.Enums.V1;
using Temporalio.Api.TaskQueue.V1;
using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Services;

/// <summary>What is told of task queues: who polls them and how much waits, in the plain and in the enhanced form.</summary>
internal sealed class TaskQueueService(ServiceContext context, TaskQueueConfigs configs)
{
    /// <summary>The build id under which the enhanced form tells of workers without versioning.</summary>
    private const string Unversioned = "";

    /// <summary>Tasks a second that the genuine server gives out of a queue at most; this one has no such limit.</summary>
    private const float SystemRate = 4000;

    private const int MaximumWeights = 1000;

    public void Map(RpcRouter router)
    {
        context.Map(router, WorkflowServiceMethods.DescribeTaskQueue, DescribeAsync);
        context.Map(router, WorkflowServiceMethods.ListTaskQueuePartitions, ListPartitionsAsync);
        context.Map(router, WorkflowServiceMethods.UpdateTaskQueueConfig, UpdateConfigAsync);
    }

    private Task<DescribeTaskQueueResponse> DescribeAsync(DescribeTaskQueueRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        TaskService.RequireTaskQueue(request.TaskQueue);
#pragma warning disable CS0612 // The genuine server still fills these in, and its command line asks for the enhanced form.
        var response = new DescribeTaskQueueResponse
        {
            VersioningInfo = VersioningOf(KeyOf(request, request.TaskQueueType)),
            EffectiveRateLimit = RateOf(KeyOf(request, request.TaskQueueType)),
            Config = request.ReportConfig ? configs.Find(KeyOf(request, request.TaskQueueType)) : null,
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
            response.TaskQueueStatus = new() { BacklogCountHint = Backlog(key), RatePerSecond = 100_000, TaskIdBlock = new() { StartId = 1, EndId = 100_000 } };
        }
#pragma warning restore CS0612
        return Task.FromResult(response);
    }

    /// <summary>The lowest of what the server gives out, what somebody set, and what workers ask for, of which only the first of both counts.</summary>
    private DescribeTaskQueueResponse.Types.EffectiveRateLimit RateOf(TaskQueueKey queue)
    {
        var set = configs.Find(queue)?.QueueRateLimit?.RateLimit?.RequestsPerSecond;
        var rate = set ?? context.Matcher.RateOf(queue);
        return rate < SystemRate
            ? new() { RequestsPerSecond = (float)rate, RateLimitSource = set is null ? RateLimitSource.Worker : RateLimitSource.Api }
            : new() { RequestsPerSecond = SystemRate, RateLimitSource = RateLimitSource.System };
    }

    private async Task<UpdateTaskQueueConfigResponse> UpdateConfigAsync(UpdateTaskQueueConfigRequest request, RpcServerCall call)
    {
        context.Namespaces.Require(request.Namespace);
        TaskService.RequireTaskQueue(new() { Name = request.TaskQueue });
        Check(request.UpdateQueueRateLimit, request.TaskQueueType, "rate limit", "UpdateQueueRateLimit");
        Check(request.UpdateFairnessKeyRateLimitDefault, request.TaskQueueType, "fairness key rate limit", "UpdateFairnessKeyRateLimitDefault");
        ServiceContext.RequireLength(request.Identity, "Identity");
        if (request.SetFairnessWeightOverrides.Count + request.UnsetFairnessWeightOverrides.Count is > MaximumWeights and var weights)
        {
            throw Faults.InvalidArgument($"too many fairness weight overrides in request: got {weights}, maximum {MaximumWeights}");
        }
        var type = request.TaskQueueType == TaskQueueType.Unspecified ? TaskQueueType.Workflow : request.TaskQueueType;
        return new() { Config = await configs.UpdateAsync(new TaskQueueKey(request.Namespace, request.TaskQueue, type), request).ConfigureAwait(false) };
    }

    private static void Check(UpdateTaskQueueConfigRequest.Types.RateLimitUpdate? update, TaskQueueType type, string what, string field)
    {
        if (update?.RateLimit is not { } limit)
        {
            return;
        }
        if (type == TaskQueueType.Workflow)
        {
            throw Faults.InvalidArgument($"Setting {what} on workflow task queues is not allowed.");
        }
        if (!(limit.RequestsPerSecond >= 0))
        {
            throw Faults.InvalidArgument($"RequestsPerSecond for {field} rate limit must be non-negative.");
        }
        ServiceContext.RequireLength(update.Reason, $"{field}.Reason");
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

    private TaskQueueVersioningInfo VersioningOf(TaskQueueKey key)
    {
        var routing = context.Engine.Deployments.Routing.Find(key);
        var changedAt = routing is null ? default : routing.CurrentChangedAt > routing.RampingChangedAt ? routing.CurrentChangedAt : routing.RampingChangedAt;
        return new()
        {
#pragma warning disable CS0612 // Older clients read these.
            CurrentVersion = VersionNames.Old(routing?.Current),
            RampingVersion = routing?.Percentage > 0 ? VersionNames.Old(routing.Ramping) : "",
#pragma warning restore CS0612
            CurrentDeploymentVersion = routing?.Current,
            RampingDeploymentVersion = routing?.Ramping,
            RampingVersionPercentage = routing?.Percentage ?? 0,
            UpdateTime = changedAt == default ? new Timestamp { Seconds = -62_135_596_800 } : Timestamp.FromDateTimeOffset(changedAt),
        };
    }

    private static TaskQueueKey KeyOf(DescribeTaskQueueRequest request, TaskQueueType type) =>
        new(request.Namespace, request.TaskQueue.Name, type == TaskQueueType.Unspecified ? TaskQueueType.Workflow : type);

    /// <summary>Those of all versions.</summary>
    private IEnumerable<PollerInfo> Pollers(TaskQueueKey queue) => context.Matcher.VersionsOf(queue).SelectMany(key => context.Matcher.Pollers(key).Select(seen => new PollerInfo
    {
        Identity = seen.Identity,
        LastAccessTime = Timestamp.FromDateTimeOffset(seen.LastAccess),
        RatePerSecond = context.Matcher.RateOf(key) ?? 100_000,
        DeploymentOptions = key.Version is null || VersionNames.Parse(key.Version) is not { } version ? null : new()
        {
            DeploymentName = version.DeploymentName,
            BuildId = version.BuildId,
            WorkerVersioningMode = WorkerVersioningMode.Versioned,
        },
    }));

    private int Backlog(TaskQueueKey queue) => context.Matcher.VersionsOf(queue).Sum(context.Matcher.Backlog);

    private TaskQueueStats Stats(TaskQueueKey key) => new() { ApproximateBacklogCount = Backlog(key), ApproximateBacklogAge = new() };
}
