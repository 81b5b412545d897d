namespace Temporalio.Worker.Interceptors;

/// <summary>Wraps what activity code asks of the worker.</summary>
public abstract class ActivityOutboundInterceptor
{
    private readonly ActivityOutboundInterceptor? next;

    protected ActivityOutboundInterceptor(ActivityOutboundInterceptor next) => this.next = next;

    private protected ActivityOutboundInterceptor()
    {
    }

    /// <summary>The interceptor behind this one.</summary>
    protected ActivityOutboundInterceptor Next => next ?? throw new InvalidOperationException("No next interceptor");

    public virtual void Heartbeat(HeartbeatInput input) => Next.Heartbeat(input);
}
