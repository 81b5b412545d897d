using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Replay;

/// <summary>The recorded workflow of one activity, with a change that blocks its thread until the test says otherwise.</summary>
[Workflow("ActivityOnce")]
public class Blocks
{
    public static ManualResetEventSlim Gate { get; } = new();

    [WorkflowRun]
    public Task<string> RunAsync(string name)
    {
        Gate.Wait();
        return Workflow.ExecuteActivityAsync<string>("Greet", [name], new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
    }
}
