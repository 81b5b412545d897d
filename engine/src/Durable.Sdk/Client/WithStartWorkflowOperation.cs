using System.Linq.Expressions;
using Temporalio.Api.Common.V1;
using Temporalio.Client.Internal;

namespace Temporalio.Client;

/// <summary>The start half of an update-with-start. To be used once.</summary>
public abstract class WithStartWorkflowOperation : ICloneable
{
    private int used;

    private protected WithStartWorkflowOperation(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options)
    {
        Workflow = workflow;
        Args = args;
        Options = options;
    }

    public string Workflow { get; set; }

    public IReadOnlyCollection<object?> Args { get; set; }

    public WorkflowOptions Options { get; set; }

    public IDictionary<string, Payload>? Headers { get; set; }

    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow, TResult>> Create<TWorkflow, TResult>(
        Expression<Func<TWorkflow, Task<TResult>>> workflowRunCall, WorkflowOptions options)
    {
        var (name, args) = Calls.Run(workflowRunCall);
        return new(name, args, options, static (client, id, runId) => new(client, id, null, runId, runId));
    }

    public static WithStartWorkflowOperation<WorkflowHandle<TWorkflow>> Create<TWorkflow>(Expression<Func<TWorkflow, Task>> workflowRunCall, WorkflowOptions options)
    {
        var (name, args) = Calls.Run(workflowRunCall);
        return new(name, args, options, static (client, id, runId) => new(client, id, null, runId, runId));
    }

    public static WithStartWorkflowOperation<WorkflowHandle> Create(string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options) =>
        new(workflow, args, options, static (client, id, runId) => new(client, id, null, runId, runId));

    /// <summary>Without the result of the start: the copy can be used again.</summary>
    public abstract object Clone();

    internal void MarkUsed()
    {
        if (Interlocked.Exchange(ref used, 1) != 0)
        {
            throw new ArgumentException("Start operation already used");
        }
    }

    internal abstract void SetStarted(ITemporalClient client, string runId);

    internal abstract void SetFailed(Exception failed);
}

/// <inheritdoc />
public sealed class WithStartWorkflowOperation<THandle> : WithStartWorkflowOperation, ICloneable
    where THandle : WorkflowHandle
{
    private readonly Func<ITemporalClient, string, string, THandle> create;
    private readonly TaskCompletionSource<THandle> handle = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal WithStartWorkflowOperation(
        string workflow, IReadOnlyCollection<object?> args, WorkflowOptions options, Func<ITemporalClient, string, string, THandle> create)
        : base(workflow, args, options) => this.create = create;

    /// <summary>Completes when the start is known to have succeeded or failed; fails as it did.</summary>
    public Task<THandle> GetHandleAsync() => handle.Task;

    public override object Clone() => new WithStartWorkflowOperation<THandle>(Workflow, Args, (WorkflowOptions)Options.Clone(), create) { Headers = Headers };

    internal override void SetStarted(ITemporalClient client, string runId) => handle.TrySetResult(create(client, Options.Id!, runId));

    internal override void SetFailed(Exception failed)
    {
        handle.TrySetException(failed);
        // Nobody has to ask for the handle.
        _ = handle.Task.Exception;
    }
}
