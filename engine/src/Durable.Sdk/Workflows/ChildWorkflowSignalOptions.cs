namespace Temporalio.Workflows;

/// <summary>How to signal a child.</summary>
public class ChildWorkflowSignalOptions : ICloneable
{
    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
