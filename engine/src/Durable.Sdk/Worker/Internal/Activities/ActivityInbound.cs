using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>The end of the inbound chain: calls the activity.</summary>
internal sealed class ActivityInbound : ActivityInboundInterceptor
{
    /// <summary>What the chain was given; interceptors may have put themselves before it.</summary>
    public ActivityOutboundInterceptor? Outbound { get; private set; }

    public override void Init(ActivityOutboundInterceptor outbound) => Outbound = outbound;

    public override Task<object?> ExecuteActivityAsync(ExecuteActivityInput input) => input.Activity.InvokeAsync(input.Args);
}
