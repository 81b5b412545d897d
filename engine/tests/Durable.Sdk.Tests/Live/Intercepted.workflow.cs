using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Live;

/// <summary>Makes every call that a workflow's outbound interceptor can see, then continues as new once.</summary>
[Workflow]
public class Intercepted
{
    private bool finished;

    [WorkflowQuery]
    public string Where { get; private set; } = "begun";

    [WorkflowRun]
    public async Task<string> RunAsync(bool again)
    {
        if (again)
        {
            return "again";
        }
        await Workflow.DelayAsync(1);
        await Workflow.ExecuteActivityAsync(() => InterceptedActivities.Beat(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        await Workflow.ExecuteLocalActivityAsync(() => InterceptedActivities.Beat(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30) });
        var child = await Workflow.StartChildWorkflowAsync((InterceptedChild workflow) => workflow.RunAsync());
        await child.SignalAsync(workflow => workflow.PokeAsync("poke"));
        var external = Workflow.GetExternalWorkflowHandle<InterceptedChild>(child.Id);
        await external.SignalAsync(workflow => workflow.PokeAsync("poke"));
        await external.CancelAsync();
        try
        {
            await child.GetResultAsync();
        }
        catch (ChildWorkflowFailureException)
        {
            Where = "child gone";
        }
        await Workflow.WaitConditionAsync(() => finished);
        throw Workflow.CreateContinueAsNewException((Intercepted workflow) => workflow.RunAsync(true));
    }

    [WorkflowSignal]
    public Task FinishAsync()
    {
        finished = true;
        return Task.CompletedTask;
    }

    [WorkflowUpdate]
    public Task<int> CountAsync(int number) => Task.FromResult(number + 1);

    [WorkflowUpdateValidator(nameof(CountAsync))]
    public void ValidateCount(int number)
    {
        if (number < 0)
        {
            throw new ApplicationFailureException("below zero");
        }
    }
}

/// <summary>Waits to be cancelled.</summary>
[Workflow]
public class InterceptedChild
{
    [WorkflowRun]
    public Task RunAsync() => Workflow.WaitConditionAsync(() => false);

    [WorkflowSignal]
    public Task PokeAsync(string word) => Task.CompletedTask;
}

public static class InterceptedActivities
{
    [Activity]
    public static void Beat() => ActivityExecutionContext.Current.Heartbeat("beat");
}
