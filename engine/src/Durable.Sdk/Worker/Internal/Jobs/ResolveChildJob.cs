using Temporalio.Api.Common.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A child has ended.</summary>
internal sealed class ResolveChildJob(uint seq, Payload? result, Failure? failure) : ActivationJob(Other)
{
    public uint Seq => seq;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public Payload? Result { get; set; } = result;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public Failure? Failure { get; set; } = failure;
}
