using Temporalio.Api.Enums.V1;
using Temporalio.Api.Failure.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A child has started, or could not.</summary>
internal sealed class ResolveChildStartJob(uint seq, string? runId, StartChildWorkflowExecutionFailedCause failedCause, Failure? cancelled) : ActivationJob(Other)
{
    public uint Seq => seq;

    public string? RunId => runId;

    public StartChildWorkflowExecutionFailedCause FailedCause => failedCause;

    /// <summary>Replaced by what the codec makes of it.</summary>
    public Failure? Cancelled { get; set; } = cancelled;
}
