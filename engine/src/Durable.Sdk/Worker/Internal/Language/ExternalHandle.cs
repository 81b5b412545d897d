using Temporalio.Workflows;

namespace Temporalio.Worker.Internal.Language;

internal sealed class ExternalHandle<TWorkflow>(WorkflowInstance workflow, string id, string? runId) : ExternalWorkflowHandle<TWorkflow>
{
    public override string Id => id;

    public override string? RunId => runId;

    public override Task SignalAsync(string signal, IReadOnlyCollection<object?> args, ExternalWorkflowSignalOptions? options = null) =>
        workflow.SignalAsync(new Interceptors.SignalExternalWorkflowInput(Id, RunId, signal, args, options, null));

    public override Task CancelAsync() => workflow.CancelAsync(new(Id, RunId));
}
