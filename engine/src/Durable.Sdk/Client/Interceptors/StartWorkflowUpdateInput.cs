namespace Temporalio.Client.Interceptors;

public record StartWorkflowUpdateInput(string Id, string? RunId, string? FirstExecutionRunId, string Update, IReadOnlyCollection<object?> Args, WorkflowUpdateStartOptions Options, IDictionary<string, Temporalio.Api.Common.V1.Payload>? Headers);
