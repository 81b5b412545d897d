namespace Temporalio.Client.Interceptors;

public record TerminateWorkflowInput(string Id, string? RunId, string? FirstExecutionRunId, string? Reason, WorkflowTerminateOptions? Options);
