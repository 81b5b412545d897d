using Temporalio.Api.Sdk.V1;

namespace Temporalio.Worker.Internal.Language;

internal sealed partial class WorkflowInstance
{
    private static readonly string[] HiddenFrames =
        [" at Temporalio.Worker.", " at System.Reflection.", " at System.Runtime.", " at System.RuntimeMethodHandle.", " at System.Threading."];

    private string StackTraces()
    {
        if (stackTraces is null)
        {
            throw new InvalidOperationException("Workflow stack traces are not enabled on this worker");
        }
        return string.Join("\n\n", stackTraces.Select(UserFrames).Where(static frames => frames.Length > 0).Select(static frames => $"Task waiting at:\n{frames}"));
    }

    private static string UserFrames(System.Diagnostics.StackTrace trace)
    {
        var lines = trace.ToString().Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var first = Array.FindIndex(lines, static line => !line.Contains(HiddenFrames[0], StringComparison.Ordinal));
        var last = Array.FindLastIndex(lines, static line => !Array.Exists(HiddenFrames, frame => line.Contains(frame, StringComparison.Ordinal)));
        return first < 0 || last < first ? string.Empty : string.Join("\n", lines[first..(last + 1)]);
    }

    private WorkflowMetadata Metadata()
    {
        var definition = new WorkflowDefinition { Type = Info.WorkflowType };
        definition.QueryDefinitions.AddRange(Interactions(dynamicQuery is null ? null : (null, dynamicQuery.Description), queries.Values.Select(static q => (q.Name, q.Description))));
        definition.SignalDefinitions.AddRange(Interactions(dynamicSignal is null ? null : (null, dynamicSignal.Description), signals.Values.Select(static s => (s.Name, s.Description))));
        definition.UpdateDefinitions.AddRange(Interactions(dynamicUpdate is null ? null : (null, dynamicUpdate.Description), updates.Values.Select(static u => (u.Name, u.Description))));
        return new WorkflowMetadata { Definition = definition, CurrentDetails = currentDetails };
    }

    private static IEnumerable<WorkflowInteractionDefinition> Interactions(
        (string? Name, string? Description)? dynamic, IEnumerable<(string? Name, string? Description)> named) =>
        (dynamic is { } first ? [first] : Enumerable.Empty<(string? Name, string? Description)>())
            .Concat(named.OrderBy(static handler => handler.Name, StringComparer.Ordinal))
            .Select(static handler => new WorkflowInteractionDefinition { Name = handler.Name ?? string.Empty, Description = handler.Description ?? string.Empty });
}
