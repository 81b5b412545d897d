namespace Temporalio.Worker.Interceptors;

/// <summary>Wraps what comes into a workflow. Runs as workflow code: deterministic, and again on replay.</summary>
public abstract class WorkflowInboundInterceptor
{
    private readonly WorkflowInboundInterceptor? next;

    protected WorkflowInboundInterceptor(WorkflowInboundInterceptor next) => this.next = next;

    private protected WorkflowInboundInterceptor()
    {
    }

    /// <summary>The interceptor behind this one; the last one calls the workflow.</summary>
    protected WorkflowInboundInterceptor Next => next ?? throw new InvalidOperationException("No next interceptor");

    /// <summary>Called once per instance with the outbound chain; replace it by calling <see cref="Next"/> with your own.</summary>
    public virtual void Init(WorkflowOutboundInterceptor outbound) => Next.Init(outbound);

    public virtual Task<object?> ExecuteWorkflowAsync(ExecuteWorkflowInput input) => Next.ExecuteWorkflowAsync(input);

    public virtual Task HandleSignalAsync(HandleSignalInput input) => Next.HandleSignalAsync(input);

    public virtual object? HandleQuery(HandleQueryInput input) => Next.HandleQuery(input);

    /// <summary>Only called when the update has a validator, and never on replay.</summary>
    public virtual void ValidateUpdate(HandleUpdateInput input) => Next.ValidateUpdate(input);

    public virtual Task<object?> HandleUpdateAsync(HandleUpdateInput input) => Next.HandleUpdateAsync(input);
}
