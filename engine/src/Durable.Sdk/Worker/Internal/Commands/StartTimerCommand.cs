using Temporalio.Api.Sdk.V1;

namespace Temporalio.Worker.Internal.Commands;

/// <summary>Starts a timer.</summary>
internal sealed class StartTimerCommand(uint seq, TimeSpan delay, UserMetadata metadata) : WorkflowCommand
{
    public uint Seq => seq;

    public TimeSpan Delay => delay;

    public UserMetadata Metadata => metadata;
}
