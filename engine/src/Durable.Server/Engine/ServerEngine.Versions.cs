using Durable.Server.Deployments;
using Durable.Server.Executions;
using Durable.Server.Matching;
using Durable.Server.Storage;
using Temporalio.Api.Enums.V1;

namespace Durable.Server.Engine;

/// <summary>Versions of workers: which of them gets a task.</summary>
internal sealed partial class ServerEngine
{
    private readonly DeploymentRegistry deployments;

    public DeploymentRegistry Deployments => deployments;

    /// <summary>Puts a task where its version is polled; where nobody uses versions, into the queue that it names.</summary>
    private void Enqueue(TaskQueueKey queue, TaskEntry entry)
    {
        var routing = deployments.Routing;
        matcher.Add(TargetOf(routing, queue, entry), entry);
        if (!ReferenceEquals(routing, deployments.Routing))
        {
            // Whoever changed the routing may have moved the others before this one was there.
            Reroute(queue);
        }
    }

    private static TaskQueueKey TargetOf(DeploymentRouting routing, TaskQueueKey queue, TaskEntry entry) =>
        routing.IsEmpty ? queue : queue with { Version = routing.TargetOf(queue, entry.Run.WorkflowId, entry.PinnedTo) };

    /// <summary>Whether the worker that has the run cached is of another version than its next task goes to.</summary>
    private bool HasMoved(RunKey run, Execution execution)
    {
        var routing = deployments.Routing;
        return !routing.IsEmpty && routing.TargetOf(
            new TaskQueueKey(run.Namespace, execution.TaskQueue, TaskQueueType.Workflow), run.WorkflowId, execution.PinnedTo) != execution.DeployedTo;
    }

    /// <summary>After a change of a deployment: what waits goes to where it belongs now.</summary>
    private void RerouteAll()
    {
        foreach (var queue in matcher.Waiting())
        {
            // Sticky queues and those that no version polls are as they were.
            if (deployments.Routing.Find(queue) is not null)
            {
                Reroute(queue);
            }
        }
    }

    private void Reroute(TaskQueueKey queue)
    {
        foreach (var entry in matcher.TakeAll(queue))
        {
            Enqueue(queue, entry);
        }
    }
}
