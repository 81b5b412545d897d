using Temporalio.Activities;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Samples;

/// <summary>The workflow that most samples begin with, and a query and a signal to talk to it.</summary>
[Workflow]
public class GreetingWorkflow
{
    private bool done;

    [WorkflowQuery]
    public string State { get; private set; } = "new";

    [WorkflowRun]
    public async Task<string> RunAsync(string name, bool waits)
    {
        State = "waiting";
        await Workflow.WaitConditionAsync(() => done || !waits);
        State = "greeting";
        return await Workflow.ExecuteActivityAsync(
            (GreetingActivities activities) => activities.GreetAsync(name), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
    }

    [WorkflowSignal]
    public Task FinishAsync()
    {
        done = true;
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public Task<string> RenameAsync(string name) => Task.FromResult($"renamed to {name}");
}

public class GreetingActivities
{
    [Activity]
    public Task<string> GreetAsync(string name) => Task.FromResult($"Hello, {name}!");
}
