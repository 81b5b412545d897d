namespace Temporalio.Worker.Interceptors;

/// <summary>Wraps each execution of an activity. Override what matters; the rest goes on to the next one.</summary>
public abstract class ActivityInboundInterceptor
{
    private readonly ActivityInboundInterceptor? next;

    protected ActivityInboundInterceptor(ActivityInboundInterceptor next) => this.next = next;

    private protected ActivityInboundInterceptor()
    {
    }

    /// <summary>The interceptor behind this one; the last one runs the activity.</summary>
    protected ActivityInboundInterceptor Next => next ?? throw new InvalidOperationException("No next interceptor");

    /// <summary>Called once per execution with the outbound chain; replace it by calling <see cref="Next"/> with your own.</summary>
    public virtual void Init(ActivityOutboundInterceptor outbound) => Next.Init(outbound);

    public virtual Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => Next.ExecuteActivityAsync(input);
}
