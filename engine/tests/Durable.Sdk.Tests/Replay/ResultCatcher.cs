using Temporalio.Worker.Interceptors;

namespace Durable.Sdk.Tests.Replay;

/// <summary>Keeps what the run method returned.</summary>
internal sealed class ResultCatcher : IWorkerInterceptor
{
    public object? Result { get; private set; }

    public bool HasResult { get; private set; }

    public WorkflowInboundInterceptor InterceptWorkflow(WorkflowInboundInterceptor nextInterceptor) => new Inbound(this, nextInterceptor);

    private sealed class Inbound(ResultCatcher catcher, WorkflowInboundInterceptor next) : WorkflowInboundInterceptor(next)
    {
        public override async Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input)
        {
            var result = await base.ExecuteWorkflowAsync(input);
            catcher.Result = result;
            catcher.HasResult = true;
            return result;
        }
    }
}
