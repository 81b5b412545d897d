using Temporalio.Activities;

namespace Temporalio.Converters;

/// <summary>What a value belongs to.</summary>
public interface ISerializationContext
{
    /// <summary>Something of a workflow.</summary>
    public interface IHasWorkflow : ISerializationContext
    {
        string Namespace { get; }

        string? WorkflowId { get; }
    }

    /// <summary>A value of a workflow.</summary>
    public sealed record Workflow(string Namespace, string WorkflowId) : IHasWorkflow;

    /// <summary>A value of an activity.</summary>
    public sealed record Activity : IHasWorkflow
    {
        public Activity(
            string Namespace, string? ActivityId, string? WorkflowId, string? WorkflowType, string? ActivityType, string? ActivityTaskQueue, bool IsLocal)
        {
            this.Namespace = Namespace;
            this.ActivityId = ActivityId;
            this.WorkflowId = WorkflowId;
            this.WorkflowType = WorkflowType;
#pragma warning disable CS0618 // Kept for applications that read them.
            this.ActivityType = ActivityType;
            this.ActivityTaskQueue = ActivityTaskQueue;
#pragma warning restore CS0618
            this.IsLocal = IsLocal;
        }

        public Activity(ActivityInfo info)
            : this(
                info.WorkflowNamespace ?? info.Namespace, info.ActivityId, info.WorkflowId, info.WorkflowType, info.ActivityType, info.TaskQueue, info.IsLocal)
        {
        }

        public string Namespace { get; init; }

        public string? ActivityId { get; init; }

        public string? WorkflowId { get; init; }

        public string? WorkflowType { get; init; }

        [Obsolete("Not known on every path")]
        public string? ActivityType { get; init; }

        [Obsolete("Not known on every path")]
        public string? ActivityTaskQueue { get; init; }

        public bool IsLocal { get; init; }
    }
}
