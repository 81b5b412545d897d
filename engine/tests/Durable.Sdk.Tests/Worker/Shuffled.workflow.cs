using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Waits for many things at once, in ways whose order shows in its log.</summary>
[Workflow]
public class Shuffled
{
    private static readonly ActivityOptions Options = new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) };
    private static readonly LocalActivityOptions LocalOptions = new() { StartToCloseTimeout = TimeSpan.FromSeconds(10) };

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

    [WorkflowUpdate]
    public async Task<string> AskAsync(string text)
    {
        var update = Workflow.CurrentUpdateInfo!.Id;
        log.Add($"ask {text} begins as {update}");
        log.Add($"ask {text}: {await Workflow.ExecuteLocalActivityAsync<string>("ask", [text], LocalOptions)} at {Workflow.UtcNow:O}");
        log.Add($"ask {text}: {await Workflow.ExecuteActivityAsync<string>("ask", [text], Options)}, still {Workflow.CurrentUpdateInfo!.Id == update}");
        return $"{text} after {notes} notes";
    }

    [WorkflowUpdateValidator(nameof(AskAsync))]
    public void ValidateAsk(string text)
    {
        if (int.Parse(text, System.Globalization.CultureInfo.InvariantCulture) % 3 == 0)
        {
            throw new ArgumentException("not threes");
        }
    }

    private async Task BranchAsync(int number)
    {
        if (number % 2 == 1)
        {
            var child = await Workflow.StartChildWorkflowAsync("child", [number]);
            log.Add($"branch {number} child {child.Id}");
            await child.SignalAsync("poke", [number]);
            log.Add($"branch {number} child poked");
            log.Add($"branch {number} {await child.GetResultAsync<string>()} {await Workflow.ExecuteLocalActivityAsync<string>("after", [number], LocalOptions)}");
        }
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
