using System.Runtime.CompilerServices;

namespace Temporalio.Worker.Internal.Core;

/// <summary>All transitions of a kind of machine, looked up by state and input.</summary>
/// <remarks>Remembers which rows were ever taken, for the test that counts them; a torn or lost write does not matter.</remarks>
internal sealed class TransitionTable<TMachine, TState, TInput> : ITransitionTable
    where TState : struct, Enum
    where TInput : struct, Enum
{
    private readonly Transition<TMachine, TState, TInput>[] rows;
    private readonly int[,] index;
    private readonly bool[] taken;

    public TransitionTable(params Transition<TMachine, TState, TInput>[] rows)
    {
        this.rows = rows;
        taken = new bool[rows.Length];
        index = new int[Enum.GetValues<TState>().Length, Enum.GetValues<TInput>().Length];
        for (var i = 0; i < rows.Length; i++)
        {
            ref var cell = ref index[Number(rows[i].From), Number(rows[i].On)];
            if (cell != 0)
            {
                throw new InvalidOperationException($"Bug: {typeof(TMachine).Name} has two rows for {rows[i].From} on {rows[i].On}");
            }
            cell = i + 1;
        }
    }

    public string Machine => typeof(TMachine).Name;

    public IEnumerable<(string Row, bool Taken)> Coverage =>
        rows.Select((row, i) => ($"{row.From} --({row.On})--> {row.To}", taken[i]));

    /// <summary>Moves on and runs the row's handler.</summary>
    /// <exception cref="NondeterminismException">There is no such row.</exception>
    public void Take(TMachine machine, ref TState state, TInput input, object? data = null)
    {
        var row = index[Number(state), Number(input)];
        if (row == 0)
        {
            throw new NondeterminismException($"{Machine} in state {state} does not expect {input}");
        }
        taken[row - 1] = true;
        state = rows[row - 1].To;
        rows[row - 1].Handler?.Invoke(machine, data);
    }

    public bool Has(TState state, TInput input) => index[Number(state), Number(input)] != 0;

    private static int Number<T>(T value)
        where T : struct, Enum => Unsafe.As<T, int>(ref value);
}
