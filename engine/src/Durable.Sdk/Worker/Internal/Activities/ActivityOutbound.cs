using Temporalio.Worker.Interceptors;

namespace Temporalio.Worker.Internal.Activities;

/// <summary>The end of the outbound chain: heartbeats.</summary>
internal sealed class ActivityOutbound(RunningActivity activity) : ActivityOutboundInterceptor
{
    public override void Heartbeat(HeartbeatInput input) => activity.Heartbeat(input.Details);
}
