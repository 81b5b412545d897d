namespace Temporalio.Worker;

/// <summary>Whether the query "__stack_trace" is answered. Taking stack traces costs time on every wait.</summary>
public enum WorkflowStackTrace
{
    /// <summary>The query fails.</summary>
    None = 0,

    Normal = 1,

    WithoutFileInfo = 2,
}
