using System.Linq.Expressions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

/// <summary>A child workflow that has started.</summary>
public abstract class ChildWorkflowHandle
{
    protected ChildWorkflowHandle()
    {
    }

    public abstract string Id { get; }

    /// <summary>The first run of the child; retries and continue-as-new have later ones.</summary>
    public abstract string FirstExecutionRunId { get; }

    /// <summary>Waits for the end of the child.</summary>
    /// <exception cref="Exceptions.ChildWorkflowFailureException">It did not complete; the cause says why.</exception>
    public Task GetResultAsync() => GetResultAsync<ValueTuple>();

    /// <inheritdoc cref="GetResultAsync()"/>
    public abstract Task<TResult> GetResultAsync<TResult>();

    /// <inheritdoc cref="SignalAsync(string, IReadOnlyCollection{object?}, ChildWorkflowSignalOptions?)"/>
    public Task SignalAsync<TWorkflow>(Expression<Func<TWorkflow, Task>> signalCall, ChildWorkflowSignalOptions? options = null)
    {
        var (name, args) = SignalCall.Of(signalCall);
        return SignalAsync(name, args, options);
    }

    /// <summary>Signals the child; waits until the server has delivered it.</summary>
    public abstract Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ChildWorkflowSignalOptions? options = null);
}
