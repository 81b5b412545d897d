using Temporalio.Api.WorkflowService.V1;

namespace Durable.Server.Executions;

public sealed record CompleteQueryTask(TaskToken Token, RespondQueryTaskCompletedRequest Request) : ExecutionCommand;
