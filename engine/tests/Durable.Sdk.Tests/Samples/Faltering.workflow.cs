using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Workflows;

namespace Durable.Sdk.Tests.Samples;

/// <summary>An activity that fails at first, near and far.</summary>
[Workflow]
public class Faltering
{
    private bool goesOn;

    [WorkflowRun]
    public async Task RunAsync()
    {
        await Workflow.WaitConditionAsync(() => goesOn);
        try
        {
            await Workflow.ExecuteLocalActivityAsync(
                (FalteringActivities activities) => activities.Falter(), new() { StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = new() { MaximumAttempts = 1 } });
        }
        catch (ApplicationFailureException)
        {
            await Workflow.ExecuteActivityAsync(
                (FalteringActivities activities) => activities.Falter(),
                new() { StartToCloseTimeout = TimeSpan.FromSeconds(30), RetryPolicy = new() { InitialInterval = TimeSpan.FromMilliseconds(1) } });
        }
    }

    [WorkflowUpdate]
    public Task GoOnAsync()
    {
        goesOn = true;
        return Task.CompletedTask;
    }
}

/// <summary>Succeeds the third time.</summary>
public class FalteringActivities
{
    private int calls;

    [Activity]
    public void Falter()
    {
        if (Interlocked.Increment(ref calls) < 3)
        {
            throw new InvalidOperationException("not yet");
        }
    }
}
