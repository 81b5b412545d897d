using System.Diagnostics;
using Temporalio.Workflows;

namespace Temporalio.Extensions.OpenTelemetry;

/// <summary>The trace context of workflow code, until disposed. What the code starts meanwhile becomes its child.</summary>
/// <remarks>
/// A workflow lives longer than a process, so its spans cannot stay open: the span is over when it has begun, and only its context lives on.
/// </remarks>
public class WorkflowDiagnosticActivity : IDisposable
{
    private static readonly AsyncLocal<WorkflowDiagnosticActivity?> CurrentLocal = new();

    internal WorkflowDiagnosticActivity(Activity? activity, ActivityContext context, IReadOnlyCollection<KeyValuePair<string, object?>>? tags)
    {
        if (!Workflow.InWorkflow)
        {
            throw new InvalidOperationException("Not in workflow");
        }
        Activity = activity;
        Context = context;
        Tags = tags;
        Parent = Current;
        CurrentLocal.Value = this;
    }

    /// <summary>Flows as the workflow's own code does.</summary>
    public static WorkflowDiagnosticActivity? Current => CurrentLocal.Value;

    /// <summary>What was current before.</summary>
    public WorkflowDiagnosticActivity? Parent { get; }

    public ActivityContext Context { get; }

    /// <summary>Null: it came from elsewhere, nobody listens, or the workflow replays.</summary>
    public Activity? Activity { get; }

    /// <summary>Those that spans within inherit.</summary>
    public IReadOnlyCollection<KeyValuePair<string, object?>>? Tags { get; }

    /// <summary>Makes a context that came from elsewhere the current one.</summary>
    /// <exception cref="InvalidOperationException">Not in a workflow.</exception>
    public static WorkflowDiagnosticActivity AttachFromContext(ActivityContext context, IReadOnlyCollection<KeyValuePair<string, object?>>? tags = null) =>
        new(null, context, tags);

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing) => CurrentLocal.Value = Parent;
}
