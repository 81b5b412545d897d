namespace Temporalio.Workflows;

/// <inheritdoc/>
public abstract class ChildWorkflowHandle<TWorkflow, TResult> : ChildWorkflowHandle<TWorkflow>
{
    protected ChildWorkflowHandle()
    {
    }

    /// <inheritdoc cref="ChildWorkflowHandle.GetResultAsync()"/>
    public new Task<TResult> GetResultAsync() => GetResultAsync<TResult>();
}
