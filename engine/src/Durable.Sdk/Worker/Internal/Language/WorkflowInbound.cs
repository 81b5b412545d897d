using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Internal.Language;

/// <summary>The end of the inbound chain: calls the workflow.</summary>
internal sealed class WorkflowInbound(WorkflowInstance workflow) : WorkflowInboundInterceptor
{
    public override void Init(WorkflowOutboundInterceptor outbound) => workflow.UseOutbound(outbound);

    public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
    {
        var task = (Task)workflow.Definition.RunInvoker.Invoke(input.Instance, input.Args)!;
        await task.ConfigureAwait(true);
        return TaskResult.Of(task);
    }

    public override async Task HandleSignalAsync(HandleSignalInput input) =>
        await ((Task)input.Definition.Invoker.Invoke(workflow.Instance, input.Args)!).ConfigureAwait(true);

    public override object? HandleQuery(HandleQueryInput input) => input.Definition.Invoker.Invoke(workflow.Instance, input.Args);

    public override void ValidateUpdate(HandleUpdateInput input) => input.Definition.Validator?.Invoke(workflow.Instance, input.Args);

    public override async Task<object?> HandleUpdateAsync(HandleUpdateInput input)
    {
        var task = (Task)input.Definition.Invoker.Invoke(workflow.Instance, input.Args)!;
        await task.ConfigureAwait(true);
        return TaskResult.Of(task);
    }
}
