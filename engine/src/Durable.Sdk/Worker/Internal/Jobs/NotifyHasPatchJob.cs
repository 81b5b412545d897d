namespace Temporalio.Worker.Internal.Jobs;

/// <summary>A marker of this patch comes in what is replayed next.</summary>
internal sealed class NotifyHasPatchJob(string patchId) : ActivationJob(Patch)
{
    public string PatchId => patchId;
}
