using Temporalio.Activities;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Uses most of what a workflow can do, once.</summary>
[Workflow]
public class Everything
{
    private readonly List<string> log = [];
    private bool finished;

    [WorkflowRun]
    public async Task<List<string>> RunAsync(string name)
    {
        log.Add(await Workflow.ExecuteActivityAsync((EverythingActivities a) => a.GreetAsync(name), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) }));
        log.Add(await Workflow.ExecuteLocalActivityAsync(() => EverythingActivities.Shout(name), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) }));
        await Workflow.DelayAsync(TimeSpan.FromMilliseconds(10));
        log.Add("timer");
        if (Workflow.Patched("everything"))
        {
            log.Add("patched");
        }
        await Workflow.WaitConditionAsync(() => finished);
        return log;
    }

    [WorkflowSignal]
    public Task FinishAsync()
    {
        finished = true;
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public async Task<string> AddAsync(string text)
    {
        var greeting = await Workflow.ExecuteActivityAsync((EverythingActivities a) => a.GreetAsync(text), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        log.Add($"update {greeting}");
        return greeting;
    }

    [WorkflowUpdateValidator(nameof(AddAsync))]
    public void ValidateAdd(string text)
    {
        if (text.Length == 0)
        {
            throw new ArgumentException("empty");
        }
    }

    [WorkflowQuery]
    public int Count() => log.Count;
}

public class EverythingActivities
{
    [Activity]
    public static string Shout(string text) => text.ToUpperInvariant();

    [Activity]
    public Task<string> GreetAsync(string name) => Task.FromResult($"Hello, {name}!");
}
