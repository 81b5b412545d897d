using System.Linq.Expressions;

namespace Temporalio.Workflows;

/// <inheritdoc/>
public abstract class ChildWorkflowHandle<TWorkflow> : ChildWorkflowHandle
{
    protected ChildWorkflowHandle()
    {
    }

    /// <inheritdoc cref="ChildWorkflowHandle.SignalAsync(string, IReadOnlyCollection{object?}, ChildWorkflowSignalOptions?)"/>
    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signalCall, ChildWorkflowSignalOptions? options = null) =>
        SignalAsync<TWorkflow>(signalCall, options);
}
