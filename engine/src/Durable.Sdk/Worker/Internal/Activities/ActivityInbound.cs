using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>The end of the inbound chain: calls the activity.</summary>
internal sealed class ActivityInbound(TaskFactory factory) : ActivityInboundInterceptor
{
    /// <summary>What the chain was given; interceptors may have put themselves before it.</summary>
    public ActivityOutboundInterceptor? Outbound { get; private set; }

    public override void Init(ActivityOutboundInterceptor outbound) => Outbound = outbound;

    // Asynchronous activities run on the caller up to their first wait; the others block a thread that is theirs to block.
    public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) =>
        typeof(Task).IsAssignableFrom(input.Activity.ReturnType)
            ? input.Activity.InvokeAsync(input.Args)
            : factory.StartNew(() => input.Activity.InvokeAsync(input.Args)).Unwrap();
}
