using System.Reflection;
using System.Runtime.CompilerServices;
using Durable.Sdk.Tests.Replay;
using Temporalio.Worker;
using Temporalio.Worker.Internal.Core;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Every row of every command machine is taken: by the golden histories, and for what those do not have by <see cref="MachineScenarios"/>.</summary>
public class TransitionCoverageTests
{
    [Fact]
    public async Task Tables_AfterAllHistoriesAndScenarios_HaveEveryRowTaken()
    {
        foreach (var golden in GoldenHistories.All)
        {
            var options = new WorkflowReplayerOptions { DebugMode = true }.AddWorkflow(GoldenHistories.TypeOf(golden.Class));
            await new WorkflowReplayer(options).ReplayWorkflowAsync(golden.Load(), throwOnReplayFailure: false);
        }
        MachineScenarios.RunAll();

        var rows = Tables().SelectMany(table => table.Coverage.Select(row => (table.Machine, row.Row, row.Taken))).ToList();

        rows.Count.ShouldBeGreaterThan(80);
        rows.Where(row => !row.Taken).Select(row => $"{row.Machine}: {row.Row}").ShouldBeEmpty();
    }

    private static IEnumerable<ITransitionTable> Tables()
    {
        foreach (var type in typeof(Machine).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(Machine))))
        {
            RuntimeHelpers.RunClassConstructor(type.TypeHandle);
            yield return (ITransitionTable)type.GetField("Table", BindingFlags.Static | BindingFlags.Public)!.GetValue(null)!;
        }
    }
}
