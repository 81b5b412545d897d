namespace Temporalio.Workflows;

/// <summary>How to signal another workflow.</summary>
public class ExternalWorkflowSignalOptions : ICloneable
{
    /// <summary>Cancels the call; null: <see cref="Workflow.CancellationToken"/>. Use <see cref="CancellationToken.None"/> for work that outlives a cancellation.</summary>
    public CancellationToken? CancellationToken { get; set; }

    /// <summary>A shallow copy; collections are shared.</summary>
    public virtual object Clone() => MemberwiseClone();
}
