using Temporalio.Api.History.V1;

namespace Temporalio.Worker.Internal.Jobs;

/// <summary>The run begins; code starts in this activation.</summary>
internal sealed class InitializeJob(WorkflowExecutionStartedEventAttributes started, ulong randomSeed, DateTime startTime) : ActivationJob(Initialize)
{
    /// <summary>Replaced by what the codec makes of it.</summary>
    public WorkflowExecutionStartedEventAttributes Started { get; set; } = started;

    public ulong Seed => randomSeed;

    /// <summary>When the server started the run, UTC.</summary>
    public DateTime StartTime => startTime;
}
