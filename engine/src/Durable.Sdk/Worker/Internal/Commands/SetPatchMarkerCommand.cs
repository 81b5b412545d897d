namespace Temporalio.Worker.Internal.Commands;

/// <summary>Records that the run has a patch.</summary>
internal sealed class SetPatchMarkerCommand(string patchId, bool deprecated) : WorkflowCommand
{
    public string PatchId => patchId;

    public bool Deprecated => deprecated;
}
