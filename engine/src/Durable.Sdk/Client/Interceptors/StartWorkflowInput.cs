namespace Temporalio.Client.Interceptors;

public record StartWorkflowInput(string Workflow, IReadOnlyCollection<object?> Args, WorkflowOptions Options, IDictionary<string, Temporalio.Api.Common.V1.Payload>? Headers);
