namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A timer has fired.</summary>
internal sealed class FireTimerJob(uint seq) : ActivationJob(Other)
{
    public uint Seq => seq;
}
