using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A cancellation of another workflow was delivered, or not.</summary>
internal sealed class ResolveCancelExternalJob(uint seq, Failure? failure) : ActivationJob(Other)
{
    public uint Seq => seq;

    public Failure? Failure => failure;
}
