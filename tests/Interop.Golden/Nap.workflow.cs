using Temporalio.Activities;
using Temporalio.Exceptions;
using Temporalio.Testing;
using Temporalio.Workflows;

namespace Interop.Golden;

/// <summary>Takes a day, and then an activity that sleeps past its heartbeat; says how long it was and what became of the activity.</summary>
[Workflow]
public class Nap
{
    [WorkflowRun]
    public async Task<string> RunAsync()
    {
        var began = Workflow.UtcNow;
        await Workflow.DelayAsync(TimeSpan.FromDays(1));
        var hours = (int)(Workflow.UtcNow - began).TotalHours;
        try
        {
            await Workflow.ExecuteActivityAsync((Sleeper sleeper) => sleeper.SleepAsync(), new ActivityOptions
            {
                StartToCloseTimeout = TimeSpan.FromDays(1), HeartbeatTimeout = TimeSpan.FromMinutes(1), RetryPolicy = new() { MaximumAttempts = 1 },
            });
            return $"{hours} h, slept";
        }
        catch (ActivityFailureException e)
        {
            return $"{hours} h, {(e.InnerException as TimeoutFailureException)?.TimeoutType}";
        }
    }

    public sealed class Sleeper(WorkflowEnvironment environment)
    {
        [Activity]
        public Task SleepAsync() => environment.DelayAsync(TimeSpan.FromMinutes(2), ActivityExecutionContext.Current.CancellationToken);
    }
}
