using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Waits for many things at once, in ways whose order shows in its log.</summary>
[Workflow]
public class Shuffled
{
    private static readonly ActivityOptions Options = new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) };

    private readonly List<string> log = [];
    private readonly Temporalio.Workflows.Mutex mutex = new();
    private int notes;

    [WorkflowRun]
    public async Task<List<string>> RunAsync(int breadth)
    {
        var branches = Enumerable.Range(0, breadth).Select(BranchAsync).ToList();
        var patched = Workflow.Patched("shuffled");
        log.Add($"patched {patched} {Workflow.Random.Next(1000)} {Workflow.NewGuid()}");
        await Workflow.WhenAllAsync(branches);
        await Workflow.WaitConditionAsync(() => Workflow.AllHandlersFinished);
        log.Add($"notes {notes} at {Workflow.UtcNow:O}");
        return log;
    }

    [WorkflowSignal]
    public async Task NoteAsync(string text)
    {
        notes++;
        await mutex.WaitOneAsync();
        try
        {
            log.Add($"note {text} begins");
            log.Add($"note {text}: {await Workflow.ExecuteActivityAsync<string>("note", [text], Options)}");
        }
        finally
        {
            mutex.ReleaseMutex();
        }
    }

    private async Task BranchAsync(int number)
    {
        if (number % 3 == 0)
        {
            await Workflow.DelayAsync(TimeSpan.FromSeconds(number + 1));
            log.Add($"branch {number} timer");
        }
        var inTime = await Workflow.WaitConditionAsync(() => notes > number, TimeSpan.FromSeconds(5));
        log.Add($"branch {number} note in time {inTime}");
        var first = await Workflow.WhenAnyAsync(
            Workflow.ExecuteActivityAsync<string>("a", [number], Options),
            Workflow.ExecuteActivityAsync<string>("b", [number], Options));
        log.Add($"branch {number} {await first}");
    }
}
