using Temporalio.Runtime;
using Temporalio.Worker.Internal;
using Temporalio.Worker.Internal.Runs;

namespace Durable.Sdk.Tests.Worker;

/// <summary>Tasks that come while a run is busy.</summary>
public class RunCacheTests
{
    [Fact]
    public void WhileBusy_EveryQueryWaits_AndOfWorkflowTasksTheNewest()
    {
        var cache = new RunCache(10, new WorkerMetrics(TemporalRuntime.Default.Metrics, "default", "queue"));
        var released = new List<string>();
        WorkflowTask Task(string name, bool query = false) => new(new() { WorkflowExecution = new() { RunId = name }, Query = query ? new() : null }, () => released.Add(name));
        var handle = cache.Enter("run", Task("first"))!;
        foreach (var task in new[] { Task("query 1", query: true), Task("older"), Task("query 2", query: true), Task("newer"), Task("query 3", query: true) })
        {
            cache.Enter("run", task).ShouldBeNull();
        }

        released.ShouldBe(["older"]);
        var left = new List<string>();
        while (cache.Leave(handle) is { } next)
        {
            left.Add(next.Response.WorkflowExecution.RunId);
        }
        left.ShouldBe(["query 1", "query 2", "newer", "query 3"]);
        handle.IsBusy.ShouldBeFalse();
    }
}
