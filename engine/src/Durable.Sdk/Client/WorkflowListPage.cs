namespace Temporalio.Client;

/// <param name="NextPageToken">Null when nothing follows.</param>
public record WorkflowListPage(IReadOnlyCollection<WorkflowExecution> Workflows, byte[]? NextPageToken);
