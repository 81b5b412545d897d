using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Testing;

/// <summary>Sleeps for days, unless it is woken.</summary>
[Workflow]
public class Sleeper
{
    private bool woken;

    [WorkflowRun]
    public async Task<string> RunAsync(int days)
    {
        var began = Workflow.UtcNow;
        var early = await Workflow.WaitConditionAsync(() => woken, TimeSpan.FromDays(days));
        return $"{(early ? "woken" : "slept")} after {(Workflow.UtcNow - began).TotalDays:0} days";
    }

    [WorkflowSignal]
    public Task WakeAsync()
    {
        woken = true;
        return Task.CompletedTask;
    }
}
