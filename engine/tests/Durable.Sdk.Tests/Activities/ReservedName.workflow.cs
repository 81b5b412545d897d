using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Activities;

/// <summary>Has a name that belongs to the SDK.</summary>
[Workflow("__temporal_mine")]
public class ReservedName
{
    [WorkflowRun]
    public Task RunAsync() => Task.CompletedTask;
}
