using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>A worker failed its task.</summary>
public sealed record FailWorkflowTask(TaskToken Token, RespondWorkflowTaskFailedRequest Request) : ExecutionCommand;
