namespace Temporalio.Worker.Internal.Jobs;

/// <summary>The workflow is asked to cancel.</summary>
internal sealed class CancelJob() : ActivationJob(Other)
{
}
