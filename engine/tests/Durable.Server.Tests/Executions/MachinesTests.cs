using Durable.Server.Executions;

namespace Durable.Server.Tests.Executions;

public class MachinesTests
{
    [Fact]
    public void Table_UnknownTransition_NamesStateAndEvent() =>
        Should.Throw<InvalidOperationException>(static () => Machines.Timer.Next(TimerPhase.Canceled, TimerEvent.Fire))
            .Message.ShouldBe("Bug: timer in state Canceled got Fire");

    // Aim: no row of any machine is there for nothing. Method: count the rows that seeded lives of runs take.
    [Fact]
    public void Rows_InSeededRuns_AreAllTaken()
    {
        Count(static () =>
        {
            for (var seed = 1; seed <= 150; seed++)
            {
                new RandomRun(seed).Play(250);
            }
        });
        Untaken(Machines.WorkflowTask).ShouldBeEmpty();
        Untaken(Machines.Activity).ShouldBeEmpty();
        Untaken(Machines.Timer).ShouldBeEmpty();
        Untaken(Machines.Update).ShouldBeEmpty();
        Untaken(Machines.Child).ShouldBeEmpty();
        Untaken(Machines.External).ShouldBeEmpty();
        Untaken(Machines.Execution).ShouldBeEmpty();
    }

    private static void Count(Action action)
    {
        Switch(true);
        try
        {
            action();
        }
        finally
        {
            Switch(false);
        }
    }

    private static void Switch(bool counting)
    {
        Machines.WorkflowTask.Counting = counting;
        Machines.Activity.Counting = counting;
        Machines.Timer.Counting = counting;
        Machines.Update.Counting = counting;
        Machines.Child.Counting = counting;
        Machines.External.Counting = counting;
        Machines.Execution.Counting = counting;
    }

    private static List<(TState, TEvent)> Untaken<TState, TEvent>(TransitionTable<TState, TEvent> table)
        where TState : struct, Enum
        where TEvent : struct, Enum
    {
        var taken = table.Taken.ToHashSet();
        return [.. table.Rows.Select(static row => (row.From, row.Event)).Where(row => !taken.Contains(row))];
    }
}
