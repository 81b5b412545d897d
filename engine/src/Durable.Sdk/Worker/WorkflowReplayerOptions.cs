using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Temporalio.Converters;
using Temporalio.Runtime;
using Temporalio.Worker.Interceptors;
using Temporalio.Workflows;

namespace Temporalio.Worker;

/// <summary>What a replayer replays with. The replayer copies them; later changes have no effect.</summary>
public class WorkflowReplayerOptions : ICloneable
{
    public WorkflowReplayerOptions()
    {
    }

    /// <inheritdoc cref="TemporalWorkerOptions.WorkflowTaskStarting"/>
    public event EventHandler<WorkflowTaskStartingEventArgs>? WorkflowTaskStarting;

    /// <inheritdoc cref="TemporalWorkerOptions.WorkflowTaskCompleted"/>
    public event EventHandler<WorkflowTaskCompletedEventArgs>? WorkflowTaskCompleted;

    public IList<WorkflowDefinition> Workflows { get; private set; } = [];

    /// <summary>What <c>Workflow.Info.Namespace</c> says. Default "ReplayNamespace".</summary>
    public string Namespace { get; set; } = "ReplayNamespace";

    /// <summary>Used where the history names none. Default "ReplayTaskQueue".</summary>
    public string TaskQueue { get; set; } = "ReplayTaskQueue";

    public DataConverter DataConverter { get; set; } = DataConverter.Default;

    public IReadOnlyCollection<IWorkerInterceptor>? Interceptors { get; set; }

    public IReadOnlyCollection<ITemporalWorkerPlugin>? Plugins { get; set; }

    public string? BuildId { get; set; }

    public string? Identity { get; set; }

    public ILoggerFactory LoggerFactory { get; set; } = NullLoggerFactory.Instance;

    public TemporalRuntime? Runtime { get; set; }

    /// <inheritdoc cref="TemporalWorkerOptions.DebugMode"/>
    public bool DebugMode { get; set; } = Environment.GetEnvironmentVariable("TEMPORAL_DEBUG") is { } value &&
        (value == "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase));

    /// <inheritdoc cref="TemporalWorkerOptions.DisableWorkflowTracingEventListener"/>
    public bool DisableWorkflowTracingEventListener { get; set; }

    /// <inheritdoc cref="TemporalWorkerOptions.WorkflowFailureExceptionTypes"/>
    public IReadOnlyCollection<Type>? WorkflowFailureExceptionTypes { get; set; }

    internal bool HasTaskStarting => WorkflowTaskStarting is not null;

    internal bool HasTaskCompleted => WorkflowTaskCompleted is not null;

    public WorkflowReplayerOptions AddWorkflow<[DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] T>() =>
        AddWorkflow(WorkflowDefinition.Create<T>());

    public WorkflowReplayerOptions AddWorkflow([DynamicallyAccessedMembers(WorkflowDefinition.NeededMembers)] Type type) =>
        AddWorkflow(WorkflowDefinition.Create(type));

    public WorkflowReplayerOptions AddWorkflow(WorkflowDefinition definition)
    {
        Workflows.Add(definition);
        return this;
    }

    /// <summary>A copy with a list of its own.</summary>
    public virtual object Clone()
    {
        var copy = (WorkflowReplayerOptions)MemberwiseClone();
        copy.Workflows = [.. Workflows];
        return copy;
    }

    internal void OnTaskStarting(WorkflowReplayer replayer, WorkflowTaskStartingEventArgs args) => WorkflowTaskStarting?.Invoke(replayer, args);

    internal void OnTaskCompleted(WorkflowReplayer replayer, WorkflowTaskCompletedEventArgs args) => WorkflowTaskCompleted?.Invoke(replayer, args);
}
