namespace Temporalio.Workflows;

/// <summary>The update whose handler or validator is running.</summary>
/// <param name="Id">Chosen by the caller; unique within a run.</param>
public record WorkflowUpdateInfo(string Id, string Name);
