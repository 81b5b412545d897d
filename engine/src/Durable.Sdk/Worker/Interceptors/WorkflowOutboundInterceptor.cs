using Temporalio.Workflows;

namespace Temporalio.Worker.Interceptors;

/// <summary>Wraps the calls that a workflow makes. Runs as workflow code: deterministic, and again on replay.</summary>
public abstract class WorkflowOutboundInterceptor
{
    private readonly WorkflowOutboundInterceptor? next;

    protected WorkflowOutboundInterceptor(WorkflowOutboundInterceptor next) => this.next = next;

    private protected WorkflowOutboundInterceptor()
    {
    }

    /// <summary>The interceptor behind this one; the last one issues the command.</summary>
    protected WorkflowOutboundInterceptor Next => next ?? throw new InvalidOperationException("No next interceptor");

    public virtual Task CancelExternalWorkflowAsync(CancelExternalWorkflowInput input) => Next.CancelExternalWorkflowAsync(input);

    public virtual ContinueAsNewException CreateContinueAsNewException(CreateContinueAsNewExceptionInput input) =>
        Next.CreateContinueAsNewException(input);

    public virtual Task DelayAsync(DelayAsyncInput input) => Next.DelayAsync(input);

    public virtual Task<TResult> ScheduleActivityAsync<TResult>(ScheduleActivityInput input) => Next.ScheduleActivityAsync<TResult>(input);

    public virtual Task<TResult> ScheduleLocalActivityAsync<TResult>(ScheduleLocalActivityInput input) =>
        Next.ScheduleLocalActivityAsync<TResult>(input);

    public virtual Task SignalChildWorkflowAsync(SignalChildWorkflowInput input) => Next.SignalChildWorkflowAsync(input);

    public virtual Task SignalExternalWorkflowAsync(SignalExternalWorkflowInput input) => Next.SignalExternalWorkflowAsync(input);

    public virtual Task<ChildWorkflowHandle<TWorkflow, TResult>> StartChildWorkflowAsync<TWorkflow, TResult>(StartChildWorkflowInput input) =>
        Next.StartChildWorkflowAsync<TWorkflow, TResult>(input);
}
