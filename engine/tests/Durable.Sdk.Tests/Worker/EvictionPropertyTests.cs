using FsCheck;
using FsCheck.Fluent;

namespace Durable.Sdk.Tests.Worker;

/// <summary>
/// A run that is thrown out of the cache at any point goes on as if it had stayed. The seed chooses what completes, in which order, what is
/// batched into one workflow task, and where the worker forgets the run.
/// </summary>
public class EvictionPropertyTests
{
    [Fact]
    public void AnyInterleaving_WithEvictions_GivesTheSameHistoryAndResult()
    {
        // What all the runs together had: nobody would notice if one kind of thing no longer happened.
        var kinds = new SortedSet<string>(StringComparer.Ordinal);
        var (fromMemory, fromHistory) = (0, 0);
        var property = Prop.ForAll<int, byte>((seed, breadth) =>
        {
            var width = 1 + (breadth % 5);
            var stayed = Drive(seed, width, Evictions.Never).GetAwaiter().GetResult();
            foreach (var evictions in (Evictions[])[Evictions.Always, Evictions.AtTimes])
            {
                var evicted = Drive(seed, width, evictions).GetAwaiter().GetResult();
                evicted.Trace.ShouldBe(stayed.Trace, $"seed {seed}, breadth {width}, evicted {evictions}");
                fromMemory += evicted.FromMemory;
                fromHistory += evicted.FromHistory;
            }
            kinds.UnionWith(stayed.Kinds);
        });

        property.Check(Config.QuickThrowOnFailure.WithMaxTest(60));

        kinds.ShouldBe(
        [
            "ActivityTaskCompleted", "ActivityTaskScheduled", "ActivityTaskStarted", "ChildWorkflowExecutionCompleted", "ChildWorkflowExecutionStarted",
            "ExternalWorkflowExecutionSignaled", "MarkerRecorded", "SignalExternalWorkflowExecutionInitiated", "StartChildWorkflowExecutionInitiated", "TimerCanceled",
            "TimerFired", "TimerStarted", "UpsertWorkflowSearchAttributes", "WorkflowExecutionCompleted", "WorkflowExecutionSignaled", "WorkflowExecutionStarted",
            "WorkflowExecutionUpdateAccepted", "WorkflowExecutionUpdateCompleted", "WorkflowTaskCompleted", "WorkflowTaskScheduled", "WorkflowTaskStarted",
            "core_local_activity", "core_patch", "rejection",
        ]);
        fromMemory.ShouldBeGreaterThan(100);
        fromHistory.ShouldBeGreaterThan(100);
    }

    private static async Task<Run> Drive(int seed, int breadth, Evictions evictions)
    {
        var choices = new Random(seed);
        var moods = new Random(seed + 1);
        var run = new SimulatedRun(typeof(Shuffled), breadth);
        await run.WorkAsync();
        var (fromMemory, fromHistory) = (0, 0);
        for (var step = 0; !run.IsClosed; step++)
        {
            step.ShouldBeLessThan(2000, "the workflow does not come to its end");
            for (var news = 1 + choices.Next(3); news > 0; news--)
            {
                Happen(run, choices, step);
            }
            if (evictions == Evictions.Always || (evictions == Evictions.AtTimes && moods.Next(3) == 0))
            {
                run.Evict();
                fromHistory++;
            }
            else
            {
                fromMemory++;
            }
            await run.WorkAsync();
        }
        var lines = run.History.Select(static e => $"{e.EventId} {e.EventType}").Concat(run.UpdateOutcomes).Append(run.Result!.Data.ToStringUtf8());
        var kinds = run.History.Select(static e => e.EventType.ToString())
            .Concat(run.History.Where(static e => e.MarkerRecordedEventAttributes is not null).Select(static e => e.MarkerRecordedEventAttributes.MarkerName))
            .Concat(run.UpdateOutcomes.Where(static outcome => outcome.Contains("rejected", StringComparison.Ordinal)).Select(static _ => "rejection"));
        return new(string.Join('\n', lines), [.. kinds], fromMemory, fromHistory);
    }

    private static void Happen(SimulatedRun run, Random choices, int step)
    {
        List<Action> can = [];
        void Can(int number, Action<int> happens)
        {
            if (number > 0)
            {
                can.Add(() => happens(choices.Next(number)));
            }
        }
        if (step < 20)
        {
            can.Add(() => run.Signal("Note", $"{step}"));
            can.Add(() => run.Update($"update-{step}-{choices.Next()}", "Ask", $"{choices.Next(100)}"));
        }
        Can(run.PendingActivities, run.CompleteActivity);
        Can(run.PendingActivities, run.CompleteActivity);
        Can(run.PendingTimers, run.FireTimer);
        Can(run.PendingChildStarts, run.StartChild);
        Can(run.PendingChildren, run.CompleteChild);
        Can(run.PendingChildSignals, run.DeliverChildSignal);
        if (can.Count > 0)
        {
            can[choices.Next(can.Count)]();
        }
    }

    private enum Evictions
    {
        /// <summary>Each task has only what is new.</summary>
        Never,

        /// <summary>Some tasks have what is new, others the whole history.</summary>
        AtTimes,

        /// <summary>Each task has the whole history, as with a worker without a cache.</summary>
        Always,
    }

    private sealed record Run(string Trace, string[] Kinds, int FromMemory, int FromHistory);
}
