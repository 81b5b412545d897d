namespace Temporalio.Worker.Internal.Jobs;

/// <summary>An activity has ended for the workflow.</summary>
internal sealed class ResolveActivityJob(uint seq, ActivityResolution resolution) : ActivationJob(resolution.IsLocal ? LocalActivity : Other)
{
    public uint Seq => seq;

    public ActivityResolution Resolution => resolution;
}
