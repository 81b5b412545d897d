using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>Another workflow of the namespace, running or not.</summary>
public abstract class ExternalWorkflowHandle
{
    protected ExternalWorkflowHandle()
    {
    }

    public abstract string Id { get; }

    /// <summary>Null: whichever run is current.</summary>
    public abstract string? RunId { get; }

    /// <inheritdoc cref="SignalAsync(string, IReadOnlyCollection{object?}, ExternalWorkflowSignalOptions?)"/>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, ExternalWorkflowSignalOptions? options = null)
    {
        var (name, args) = SignalCall.Of(signalCall);
        return SignalAsync(name, args, options);
    }

    /// <summary>Signals the workflow; waits until the server has delivered it.</summary>
    /// <exception cref="Exceptions.ApplicationFailureException">It was not found.</exception>
    public abstract Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ExternalWorkflowSignalOptions? options = null);

    /// <summary>Asks for cancellation; waits until the server has delivered the request.</summary>
    /// <exception cref="Exceptions.ApplicationFailureException">It was not found.</exception>
    public abstract Task CancelAsync();
}
