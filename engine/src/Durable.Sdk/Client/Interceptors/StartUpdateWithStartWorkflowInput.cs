namespace Temporalio.Client.Interceptors;

public record StartUpdateWithStartWorkflowInput(string Update, IReadOnlyCollection<object?> Args, WorkflowStartUpdateWithStartOptions Options, IDictionary<string, Temporalio.Api.Common.V1.Payload>? Headers);
