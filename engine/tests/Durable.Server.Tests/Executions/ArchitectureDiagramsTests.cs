using System.Text;
using Durable.Server.Executions;
using Durable.Server.Schedules;

namespace Durable.Server.Tests.Executions;

public class ArchitectureDiagramsTests
{
    private const string Begin = "<!-- machines: generated from Machines.cs -->";
    private const string End = "<!-- machines: end -->";

    // The document is rewritten when it is stale, and the test fails once, so that the change is seen and committed.
    [Fact]
    public void Diagrams_InArchitecture_EqualTheTables()
    {
        var path = Path.Combine(Repository.Root, "engine", "ARCHITECTURE.md");
        var document = File.ReadAllText(path);
        var begin = document.IndexOf(Begin, StringComparison.Ordinal);
        var end = document.IndexOf(End, StringComparison.Ordinal);
        begin.ShouldBeGreaterThan(0);
        end.ShouldBeGreaterThan(begin);
        var fresh = document[..(begin + Begin.Length)] + "\n\n" + Diagrams() + document[end..];
        if (fresh != document)
        {
            File.WriteAllText(path, fresh);
            Assert.Fail("engine/ARCHITECTURE.md was stale and has been rewritten");
        }
    }

    private static string Diagrams()
    {
        var text = new StringBuilder();
        Add(text, Machines.Execution.Name, Machines.Execution.ToMermaid());
        Add(text, Machines.WorkflowTask.Name, Machines.WorkflowTask.ToMermaid());
        Add(text, Machines.Activity.Name, Machines.Activity.ToMermaid());
        Add(text, Machines.Timer.Name, Machines.Timer.ToMermaid());
        Add(text, Machines.Update.Name, Machines.Update.ToMermaid());
        Add(text, Machines.Child.Name, Machines.Child.ToMermaid());
        Add(text, Machines.External.Name, Machines.External.ToMermaid());
        Add(text, ScheduleMachine.Action.Name, ScheduleMachine.Action.ToMermaid());
        return text.ToString();
    }

    private static void Add(StringBuilder text, string name, string diagram) =>
        text.Append("### ").Append(char.ToUpperInvariant(name[0])).Append(name[1..]).Append("\n\n```mermaid\n").Append(diagram).Append("\n```\n\n");
}
