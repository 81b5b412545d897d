using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

/// <summary>A worker completed its task; answers <see cref="WorkflowTaskCompleted"/>.</summary>
public sealed record CompleteWorkflowTask(TaskToken Token, RespondWorkflowTaskCompletedRequest Request) : ExecutionCommand;
