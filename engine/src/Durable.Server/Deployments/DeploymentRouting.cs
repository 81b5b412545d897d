using Durable.Server.Matching;
using Temporalio.Api.Deployment.V1;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Deployments;

/// <summary>Which version the tasks of each queue go to; made anew after each change of a deployment.</summary>
internal sealed class DeploymentRouting
{
    private readonly Dictionary<TaskQueueKey, QueueRouting> queues = [];
    private readonly HashSet<TaskQueueKey> members = [];

    private DeploymentRouting()
    {
    }

    /// <summary>Nobody uses versions: everything goes to the queue that it names.</summary>
    public static DeploymentRouting Empty { get; } = new();

    public bool IsEmpty => members.Count == 0;

    public static DeploymentRouting Of(IEnumerable<(string Namespace, Deployment Deployment)> deployments)
    {
        var routing = new DeploymentRouting();
        foreach (var (namespaceName, deployment) in deployments)
        {
            foreach (var version in deployment.Versions)
            {
                foreach (var queue in version.TaskQueueInfos)
                {
                    var key = new TaskQueueKey(namespaceName, queue.Name, queue.Type);
                    routing.members.Add(key with { Version = VersionNames.KeyOf(version.DeploymentVersion) });
                    routing.queues.TryGetValue(key, out var known);
                    routing.queues[key] = (known ?? new QueueRouting()).With(deployment.Routing, version.DeploymentVersion);
                }
            }
        }
        return routing;
    }

    /// <summary>Whether workers of the version poll or polled this queue.</summary>
    public bool Contains(TaskQueueKey queue, WorkerDeploymentVersion version) => members.Contains(queue with { Version = VersionNames.KeyOf(version) });

    /// <summary>What is told of the queue; null: no version has it.</summary>
    public QueueRouting? Find(TaskQueueKey queue) => queues.GetValueOrDefault(queue);

    /// <summary>The version that a task goes to; null: workers without versions get it.</summary>
    /// <param name="pinned">The version that its run is bound to.</param>
    public string? TargetOf(TaskQueueKey queue, string workflowId, string? pinned)
    {
        // An activity may be on a queue that the version of its workflow does not have: then it is as if it were bound to none.
        if (pinned is not null && (queue.Type == TaskQueueType.Workflow || members.Contains(queue with { Version = pinned })))
        {
            return pinned;
        }
        return queues.TryGetValue(queue, out var found) ? found.TargetOf(workflowId) : null;
    }
}

/// <summary>Of one queue: the current version and the one that a share of the workflows goes to already. A queue may be in several deployments: the latest change counts.</summary>
internal sealed record QueueRouting
{
    public WorkerDeploymentVersion? Current { get; private init; }

    public WorkerDeploymentVersion? Ramping { get; private init; }

    public float Percentage { get; private init; }

    public DateTimeOffset CurrentChangedAt { get; private init; }

    public DateTimeOffset RampingChangedAt { get; private init; }

    private string? CurrentKey { get; init; }

    private string? RampingKey { get; init; }

    /// <summary>With what a deployment says of a version of its that has this queue.</summary>
    public QueueRouting With(RoutingConfig routing, WorkerDeploymentVersion version)
    {
        var result = this;
        var isCurrent = version.Equals(routing.CurrentDeploymentVersion);
        if (isCurrent && routing.CurrentVersionChangedTime.ToDateTimeOffset() is var current && current > result.CurrentChangedAt)
        {
            result = result with { Current = version, CurrentKey = VersionNames.KeyOf(version), CurrentChangedAt = current };
        }
        // A ramp to no version is one of the queues of the current one.
        var isRamping = version.Equals(routing.RampingDeploymentVersion) || (isCurrent && routing.RampingVersion == VersionNames.Unversioned);
        if (isRamping && routing.RampingVersionPercentageChangedTime.ToDateTimeOffset() is var ramping && ramping > result.RampingChangedAt)
        {
            result = result with
            {
                Ramping = routing.RampingDeploymentVersion,
                RampingKey = VersionNames.KeyOf(routing.RampingDeploymentVersion),
                Percentage = routing.RampingVersionPercentage,
                RampingChangedAt = ramping,
            };
        }
        return result;
    }

    public string? TargetOf(string workflowId) => Percentage > 0 && (Percentage >= 100 || ShareOf(workflowId) <= Percentage) ? RampingKey : CurrentKey;

    /// <summary>From 0 to 100, the same for the same id: a workflow stays on its side while the percentage stays.</summary>
    private static double ShareOf(string workflowId)
    {
        var hash = 2166136261u;
        foreach (var c in workflowId)
        {
            hash = unchecked((hash ^ c) * 16777619);
        }
        // FNV mixes the last characters, which are often all that differs, too little.
        hash = unchecked((hash ^ (hash >> 16)) * 0x85EBCA6B);
        hash = unchecked((hash ^ (hash >> 13)) * 0xC2B2AE35);
        return 100.0 * (hash ^ (hash >> 16)) / (uint.MaxValue + 1.0);
    }
}
