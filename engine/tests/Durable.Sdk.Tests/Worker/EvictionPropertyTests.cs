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
        var property = Prop.ForAll<int, byte>((seed, breadth) =>
        {
            var width = 1 + (breadth % 5);
            var stayed = Drive(seed, width, evicts: false).GetAwaiter().GetResult();
            var evicted = Drive(seed, width, evicts: true).GetAwaiter().GetResult();
            evicted.ShouldBe(stayed, $"seed {seed}, breadth {width}");
        });
        property.Check(Config.QuickThrowOnFailure.WithMaxTest(60));
    }

    private static async Task<string> Drive(int seed, int breadth, bool evicts)
    {
        var choices = new Random(seed);
        var evictions = new Random(seed + 1);
        var run = new SimulatedRun(typeof(Shuffled), breadth);
        await run.WorkAsync();
        for (var step = 0; !run.IsClosed; step++)
        {
            step.ShouldBeLessThan(2000, "the workflow does not come to its end");
            for (var news = 1 + choices.Next(3); news > 0; news--)
            {
                Happen(run, choices, step);
            }
            if (evicts && evictions.Next(3) == 0)
            {
                run.Evict();
            }
            await run.WorkAsync();
        }
        return string.Join('\n', run.History.Select(e => $"{e.EventId} {e.EventType}")) + run.Result!.Data.ToStringUtf8();
    }

    private static void Happen(SimulatedRun run, Random choices, int step)
    {
        var choice = choices.Next(4);
        if (choice == 0 && step < 20)
        {
            run.Signal("Note", $"{step}");
        }
        else if (choice <= 2 && run.PendingActivities > 0)
        {
            run.CompleteActivity(choices.Next(run.PendingActivities));
        }
        else if (run.PendingTimers > 0)
        {
            run.FireTimer(choices.Next(run.PendingTimers));
        }
    }
}
