using System.Linq.Expressions;

namespace Temporalio.Workflows;

/// <inheritdoc/>
public abstract class ExternalWorkflowHandle<TWorkflow> : ExternalWorkflowHandle
{
    protected ExternalWorkflowHandle()
    {
    }

    /// <inheritdoc cref="ExternalWorkflowHandle.SignalAsync(string, IReadOnlyCollection{object?}, ExternalWorkflowSignalOptions?)"/>
    public Task SignalAsync(Expression<Func<TWorkflow, Task>> signalCall, ExternalWorkflowSignalOptions? options = null) =>
        SignalAsync<TWorkflow>(signalCall, options);
}
