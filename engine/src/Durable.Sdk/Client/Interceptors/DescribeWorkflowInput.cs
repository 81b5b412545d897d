namespace Temporalio.Client.Interceptors;

public record DescribeWorkflowInput(string Id, string? RunId, WorkflowDescribeOptions? Options);
