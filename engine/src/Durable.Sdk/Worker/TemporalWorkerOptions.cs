using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Temporalio.Activities;
using Temporalio.Worker.Interceptors;
using Temporalio.Worker.Tuning;
using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>What a worker runs and how. The worker copies them; later changes have no effect.</summary>
public class TemporalWorkerOptions : ICloneable
{
    public TemporalWorkerOptions()
    {
    }

    public TemporalWorkerOptions(string taskQueue) => TaskQueue = taskQueue;

    /// <summary>An activation of a workflow is about to run; called on the worker's thread, must be quick.</summary>
    public event EventHandler<WorkflowTaskStartingEventArgs>? WorkflowTaskStarting;

    /// <summary>An activation of a workflow has run; called on the worker's thread, must be quick.</summary>
    public event EventHandler<WorkflowTaskCompletedEventArgs>? WorkflowTaskCompleted;

    /// <summary>Required.</summary>
    public string? TaskQueue { get; set; }

    public IList<ActivityDefinition> Activities { get; private set; } = [];

    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>Starts activities that are not asynchronous. Default: the thread pool.</summary>
    public TaskFactory ActivityTaskFactory { get; set; } = new(CancellationToken.None, TaskCreationOptions.None, TaskContinuationOptions.None, TaskScheduler.Default);

    /// <summary>From the outside in. Interceptors of the client that are worker interceptors too come before them.</summary>
    public IReadOnlyCollection<IWorkerInterceptor>? Interceptors { get; set; }

    public IReadOnlyCollection<ITemporalWorkerPlugin>? Plugins { get; set; }

    [Obsolete("Use DeploymentOptions instead")]
    public string? BuildId { get; set; }

    [Obsolete("Use DeploymentOptions instead")]
    public bool UseWorkerVersioning { get; set; }

    public WorkerDeploymentOptions? DeploymentOptions { get; set; }

    /// <summary>Null: the client's.</summary>
    public string? Identity { get; set; }

    /// <summary>Workflow instances kept in memory between tasks. Default 10 000; 0: none, every task replays its history.</summary>
    public int MaxCachedWorkflows { get; set; } = 10_000;

    /// <summary>Workflow tasks at once. Null: 100. Not together with <see cref="Tuner"/>.</summary>
    public int? MaxConcurrentWorkflowTasks { get; set; }

    /// <summary>Activities at once. Null: 100. Not together with <see cref="Tuner"/>.</summary>
    public int? MaxConcurrentActivities { get; set; }

    /// <summary>Local activities at once. Null: 100. Not together with <see cref="Tuner"/>.</summary>
    public int? MaxConcurrentLocalActivities { get; set; }

    /// <summary>Kept for the signature; there are no Nexus tasks.</summary>
    public int? MaxConcurrentNexusTasks { get; set; }

    /// <summary>Replaces the MaxConcurrent numbers.</summary>
    public WorkerTuner? Tuner { get; set; }

    /// <summary>No activities from the server, only local ones.</summary>
    public bool LocalActivityWorkerOnly { get; set; }

    /// <summary>Open polls for workflow tasks, normal and sticky queue together. Default 5, at least 2 with a cache.</summary>
    public int MaxConcurrentWorkflowTaskPolls { get; set; } = 5;

    /// <summary>Open polls for activities. Default 5.</summary>
    public int MaxConcurrentActivityTaskPolls { get; set; } = 5;

    /// <summary>Kept for the signature; there are no Nexus tasks.</summary>
    public int MaxConcurrentNexusTaskPolls { get; set; } = 5;

    /// <summary>Overrides <see cref="MaxConcurrentWorkflowTaskPolls"/>.</summary>
    public PollerBehavior? WorkflowTaskPollerBehavior { get; set; }

    /// <summary>Overrides <see cref="MaxConcurrentActivityTaskPolls"/>.</summary>
    public PollerBehavior? ActivityTaskPollerBehavior { get; set; }

    /// <summary>Kept for the signature; there are no Nexus tasks.</summary>
    public PollerBehavior? NexusTaskPollerBehavior { get; set; }

    /// <summary>The share of the workflow polls on the normal queue. Default 0.2.</summary>
    public float NonStickyToStickyPollRatio { get; set; } = 0.2F;

    /// <summary>How long a task waits for this worker before any other may take it. Default 10 s.</summary>
    public TimeSpan StickyQueueScheduleToStartTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long activities may go on after a stop before they are cancelled. Default 0.</summary>
    public TimeSpan GracefulShutdownTimeout { get; set; }

    /// <summary>Upper limit for the time between two heartbeats sent to the server. Default 60 s.</summary>
    public TimeSpan MaxHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>Time between two heartbeats sent for an activity without heartbeat timeout. Default 30 s.</summary>
    public TimeSpan DefaultHeartbeatThrottleInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Activities started per second by this worker. Null: no limit.</summary>
    public double? MaxActivitiesPerSecond { get; set; }

    /// <summary>Activities started per second from the task queue, kept by the server. Null: no limit.</summary>
    public double? MaxTaskQueueActivitiesPerSecond { get; set; }

    /// <summary>Exceptions that fail the workflow instead of its task, beside those of the workflow's attribute.</summary>
    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes { get; set; }

    /// <summary>No deadlock detection. Default: on when the environment variable TEMPORAL_DEBUG is "1" or "true".</summary>
    public bool DebugMode { get; set; } = Environment.GetEnvironmentVariable("TEMPORAL_DEBUG") is { } value &&
        (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <summary>Null: the client's.</summary>
    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>Never ask for activities in the answer to a workflow task.</summary>
    public bool DisableEagerActivityExecution { get; set; }

    /// <summary>Do not watch for work that leaves the workflow's scheduler. The watch listens to the runtime's task events, which costs
    /// every task of the process a little while a worker runs.</summary>
    public bool DisableWorkflowTracingEventListener { get; set; }

    /// <summary>Default <see cref="WorkflowStackTrace.None"/>.</summary>
    public WorkflowStackTrace WorkflowStackTrace { get; set; } = WorkflowStackTrace.None;

    public TemporalWorkerOptions AddActivity(Delegate del) => AddActivity(ActivityDefinition.Create(del));

    public TemporalWorkerOptions AddActivity(ActivityDefinition definition)
    {
        Activities.Add(definition);
        return this;
    }

    /// <summary>Adds every method with the activity attribute.</summary>
    public TemporalWorkerOptions AddAllActivities<[DynamicallyAccessedMembers(ActivityMembers)] T>(T? instance) =>
        AddAllActivities(typeof(T), instance);

    /// <summary>Adds every method with the activity attribute.</summary>
    /// <param name="instance">Null: static methods only.</param>
    public TemporalWorkerOptions AddAllActivities([DynamicallyAccessedMembers(ActivityMembers)] Type type, object? instance)
    {
        foreach (var definition in ActivityDefinition.CreateAll(type, instance))
        {
            AddActivity(definition);
        }
        return this;
    }

    public TemporalWorkerOptions AddWorkflow<[DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] T>() =>
        AddWorkflow(WorkflowDefinition.Create<T>());

    public TemporalWorkerOptions AddWorkflow([DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] Type type) =>
        AddWorkflow(WorkflowDefinition.Create(type));

    public TemporalWorkerOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    /// <summary>A copy with lists of its own.</summary>
    public virtual object Clone()
    {
        var copy = (TemporalWorkerOptions)MemberwiseClone();
        copy.Activities = [.. Activities];
        copy.Workflows = [.. Workflows];
        copy.DeploymentOptions = (WorkerDeploymentOptions?)DeploymentOptions?.Clone();
        return copy;
    }

    internal const DynamicallyAccessedMemberTypes ActivityMembers =
        DynamicallyAccessedMemberTypes.PublicMethods | DynamicallyAccessedMemberTypes.NonPublicMethods;

    internal void OnTaskStarting(TemporalWorker worker, WorkflowTaskStartingEventArgs args) => WorkflowTaskStarting?.Invoke(worker, args);

    internal void OnTaskCompleted(TemporalWorker worker, WorkflowTaskCompletedEventArgs args) => WorkflowTaskCompleted?.Invoke(worker, args);

    internal bool HasTaskStarting => WorkflowTaskStarting is not null;

    internal bool HasTaskCompleted => WorkflowTaskCompleted is not null;
}
