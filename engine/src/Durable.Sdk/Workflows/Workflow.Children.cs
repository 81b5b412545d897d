using System.Linq.Expressions;
using Temporalio.Exceptions;
using Temporalio.Worker.Internal.Language;

namespace Temporalio.Workflows;

public static partial class Workflow
{
    /// <summary>Starts a child workflow; the task completes when it has started.</summary>
    /// <param name="workflowRunCall">A call of the run method; its arguments are evaluated now.</param>
    /// <exception cref="WorkflowAlreadyStartedException">The id is taken.</exception>
    /// <exception cref="ChildWorkflowFailureException">It was cancelled before it was sent.</exception>
    public static Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ChildWorkflowOptions? options = null)
    {
        var (method, args) = CallExpression.Of(workflowRunCall);
        return Context.StartChildWorkflowAsync<TWorkflow, TResult>(
            WorkflowDefinition.NameFromRunMethodForCall(method), args, options ?? new());
    }

    /// <inheritdoc cref="StartChildWorkflowAsync{TWorkflow, TResult}"/>
    public static async Task<ChildWorkflowHandle<TWorkflow>> StartChildWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ChildWorkflowOptions? options = null)
    {
        var (method, args) = CallExpression.Of(workflowRunCall);
        return await Context.StartChildWorkflowAsync<TWorkflow, ValueTuple>(
            WorkflowDefinition.NameFromRunMethodForCall(method), args, options ?? new()).ConfigureAwait(true);
    }

    /// <inheritdoc cref="StartChildWorkflowAsync{TWorkflow, TResult}"/>
    public static async Task<ChildWorkflowHandle> StartChildWorkflowAsync(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null) =>
        await Context.StartChildWorkflowAsync<ValueTuple, ValueTuple>(workflow, args, options ?? new()).ConfigureAwait(true);

    /// <summary>Starts a child workflow and waits for its result.</summary>
    /// <param name="workflowRunCall">A call of the run method; its arguments are evaluated now.</param>
    /// <exception cref="WorkflowAlreadyStartedException">The id is taken.</exception>
    /// <exception cref="ChildWorkflowFailureException">It did not complete; the cause says why.</exception>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, ChildWorkflowOptions? options = null)
    {
        var handle = await StartChildWorkflowAsync(workflowRunCall, options).ConfigureAwait(true);
        return await handle.GetResultAsync().ConfigureAwait(true);
    }

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}"/>
    public static async Task ExecuteChildWorkflowAsync<TWorkflow>(
        Expression<Func<TWorkflow, Task>> workflowRunCall, ChildWorkflowOptions? options = null)
    {
        var handle = await StartChildWorkflowAsync(workflowRunCall, options).ConfigureAwait(true);
        await handle.GetResultAsync().ConfigureAwait(true);
    }

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}"/>
    public static Task ExecuteChildWorkflowAsync(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null) =>
        ExecuteChildWorkflowAsync<ValueTuple>(workflow, args, options);

    /// <inheritdoc cref="ExecuteChildWorkflowAsync{TWorkflow, TResult}"/>
    public static async Task<TResult> ExecuteChildWorkflowAsync<TResult>(
        string workflow, IReadOnlyCollection<object?> args, ChildWorkflowOptions? options = null)
    {
        var handle = await StartChildWorkflowAsync(workflow, args, options).ConfigureAwait(true);
        return await handle.GetResultAsync<TResult>().ConfigureAwait(true);
    }

    /// <summary>A handle for signals to, and cancellation of, any workflow of the namespace.</summary>
    /// <param name="runId">Null: whichever run is current.</param>
    public static ExternalWorkflowHandle GetExternalWorkflowHandle(string id, string? runId = null) =>
        Context.GetExternalWorkflowHandle<ValueTuple>(id, runId);

    /// <inheritdoc cref="GetExternalWorkflowHandle(string, string?)"/>
    public static ExternalWorkflowHandle<TWorkflow> GetExternalWorkflowHandle<TWorkflow>(string id, string? runId = null) =>
        Context.GetExternalWorkflowHandle<TWorkflow>(id, runId);
}
