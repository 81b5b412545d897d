using Temporalio.Activities;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Replay;

/// <summary>Two local activities, of which the one that was asked for last ends first; says what code saw when that ended, and the order of both ends.</summary>
[Workflow]
public class LocalRace
{
    private readonly List<string> ends = [];

    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        var options = new LocalActivityOptions { StartToCloseTimeout = TimeSpan.FromMinutes(1) };
        var slow = NoteAsync("slow", Workflow.ExecuteLocalActivityAsync((Gate gate) => gate.PassAsync(), options));
        var quick = NoteAsync("quick", Workflow.ExecuteLocalActivityAsync((Gate gate) => gate.Nothing(), options));
        await Workflow.WaitConditionAsync(() => slow.IsCompleted || quick.IsCompleted);
        var seen = string.Join('+', ends);
        await Workflow.ExecuteLocalActivityAsync((Gate gate) => gate.Open(), options);
        await slow;
        return $"{seen}; {string.Join(", ", ends)}";
    }

    private async Task NoteAsync(string name, Task activity)
    {
        await activity;
        ends.Add(name);
    }

    public sealed class Gate
    {
        private readonly TaskCompletionSource open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        [Activity]
        public Task PassAsync() => open.Task;

        [Activity]
        public void Nothing()
        {
        }

        [Activity]
        public void Open() => open.TrySetResult();
    }
}
